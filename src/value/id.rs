//! Identifiers: 16 random bytes shown as base32, and the stable ids of actors.

use std::{fmt, str::FromStr, sync::Arc};

use super::{Malformed, base32, base32_decode, text_value};

macro_rules! random_id {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(pub [u8; 16]);

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base32(&self.0))
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $type {
            type Err = Malformed;
            fn from_str(text: &str) -> Result<Self, Malformed> {
                Ok(Self(base32_decode(text)?))
            }
        }

        text_value!($type, "id of 16 bytes in base32", "^[a-z2-7]{25}[aeimquy4]$",
            as [u8; 16], |id| id.0, |bytes| Ok($type(bytes)));
    };
}

random_id!(
    /// A person's pseudonym: random, given at the first application or legacy import.
    PersonId
);
random_id!(
    /// One application and what follows from it.
    CaseId
);
random_id!(
    /// One certificate; its printed number changes with category and level, this does not.
    CertificateId
);
random_id!(
    /// A household.
    HouseholdId
);
random_id!(
    /// A vehicle.
    VehicleId
);
random_id!(
    /// One payroll batch.
    PayrollId
);
random_id!(
    /// One received roll.
    RollId
);
random_id!(
    /// A personal data key in the vault.
    KeyId
);
random_id!(
    /// CWT token id of a statement, chosen by the signer's client: the key of safe retry.
    Cti
);

/// An actor's stable id such as `411702-dpf-0007`; keys come and go, the actor stays.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorId(Arc<str>);

impl ActorId {
    /// Longest accepted id, in bytes.
    pub const LEN_MAX: usize = 48;

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ActorId {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let fits = (1..=Self::LEN_MAX).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-');
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Malformed::new("actor id", "1 to 48 of a-z, 0-9 and -"))
        }
    }
}

text_value!(ActorId, "actor id", "^[a-z0-9][a-z0-9-]{0,47}$");
