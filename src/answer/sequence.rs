//! Statements one after the other: a CBOR sequence (RFC 8742).

/// Cuts a CBOR sequence into its items; `None` when it is empty or does not end with one.
pub(crate) fn items(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let mut items = Vec::new();
    while decoder.position() < bytes.len() {
        let start = decoder.position();
        decoder.skip().ok()?;
        items.push(bytes.get(start..decoder.position())?);
    }
    if items.is_empty() { None } else { Some(items) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{Claims, SecretKey, sign};
    use crate::value::{Cti, Subject};

    #[test]
    fn a_sequence_is_cut_into_its_statements() {
        let statement = |cti| {
            let claims = Claims {
                iss: "federation",
                sub: Subject::Ledger,
                aud: "example.org/a",
                iat: 1,
                cti: Cti([cti; 16]),
            };
            sign(&SecretKey::from_seed([1; 32]), &claims, b"{}").unwrap()
        };
        let (one, two) = (statement(1), statement(2));
        let both = [one.as_slice(), two.as_slice()].concat();
        assert_eq!(items(&both), Some(vec![one.as_slice(), two.as_slice()]));
        assert_eq!(items(&both[..both.len() - 1]), None);
        assert_eq!(items(&[]), None);
    }
}
