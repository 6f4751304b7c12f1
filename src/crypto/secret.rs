//! The shape shared by all 32-byte symmetric secrets: one type per job, wiped when dropped, never
//! printed, never compared by accident.

/// Declares a 32-byte secret of its own type.
macro_rules! secret_bytes {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Clone, zeroize::ZeroizeOnDrop)]
        pub struct $type([u8; 32]);

        impl $type {
            /// Takes over raw bytes.
            #[must_use]
            pub const fn new(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The raw bytes, for the one who stores them or hands them on.
            #[must_use]
            pub const fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(..)"))
            }
        }
    };
}

/// Declares one that is drawn at random, not derived.
macro_rules! drawn_secret {
    ($(#[$doc:meta])* $type:ident) => {
        $crate::crypto::secret::secret_bytes! { $(#[$doc])* $type }

        impl $type {
            /// Draws a new one.
            ///
            /// # Errors
            /// The operating system gave no random bytes.
            pub fn generate() -> Result<Self, $crate::crypto::RandomError> {
                let mut secret = Self([0; 32]);
                $crate::crypto::random::fill(&mut secret.0)?;
                Ok(secret)
            }
        }
    };
}

pub(super) use {drawn_secret, secret_bytes};
