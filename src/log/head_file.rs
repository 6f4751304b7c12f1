//! The head file and its optional copy.
//!
//! Of the two, the head that covers more counts: a log that was taken back together with its head
//! file is still found shorter than the copy on another disk says.

use std::{io, sync::Arc};

use crate::frame::{HEAD_SLOT_BYTES, HeadRecord, HeadSlots};

use super::{
    error::OpenError,
    files::{ByteFile, Files, read_from, write_synced},
};

/// Name of the head file.
pub(super) const HEAD: &str = "head";
const COPY: &str = "the head's copy";

/// The open head file, and its copy.
pub(super) struct HeadFile {
    file: Arc<dyn ByteFile>,
    copy: Option<Arc<dyn ByteFile>>,
    sequence: u64,
}

impl HeadFile {
    /// Makes the head of an empty log.
    pub(super) fn create(
        files: &dyn Files,
        copy: Option<Arc<dyn ByteFile>>,
    ) -> Result<Self, OpenError> {
        match files.open(HEAD) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(OpenError::io("opening", HEAD)(error)),
            Ok(_) => return Err(OpenError::Exists { folder: files.place() }),
        }
        let slots = [0, 1].map(|sequence| {
            HeadRecord::empty().encode(sequence).expect("an empty note is short enough")
        });
        let slots = slots.concat();
        if let Some(copy) = &copy {
            write_synced(copy.as_ref(), 0, &slots).map_err(OpenError::io("writing", COPY))?;
        }
        files.replace(HEAD, &slots).map_err(OpenError::io("writing", HEAD))?;
        let file = files.open(HEAD).map_err(OpenError::io("opening", HEAD))?;
        Ok(Self { file, copy, sequence: 1 })
    }

    /// Opens the head file and its copy, and answers with what the newest slots hold.
    pub(super) fn open(
        files: &dyn Files,
        copy: Option<Arc<dyn ByteFile>>,
    ) -> Result<(Self, HeadSlots), OpenError> {
        let file = open(files)?;
        let mut slots = read_slots(file.as_ref(), HEAD)?;
        if let Some(copy) = &copy {
            let copied = read_slots(copy.as_ref(), COPY)?;
            if copied.newest.size > slots.newest.size {
                slots.newest = copied.newest;
            }
        }
        Ok((Self { file, copy, sequence: slots.sequence }, slots))
    }

    /// The head file's bytes and its newest head, read beside a writer: a slot that it is writing
    /// just now is read again.
    pub(super) fn read_beside(files: &dyn Files) -> Result<(Vec<u8>, HeadRecord), OpenError> {
        let file = open(files)?;
        let mut reads = 1;
        loop {
            let bytes = read_from(file.as_ref(), 0).map_err(OpenError::io("reading", HEAD))?;
            let slots = decode(&bytes, HEAD)?;
            if slots.invalid_slot.is_none() || reads == READS_MAX {
                return Ok((bytes, slots.newest));
            }
            reads += 1;
        }
    }

    /// The head of a ledger, if there is one that can be read.
    pub(super) fn peek(files: &dyn Files) -> Option<HeadRecord> {
        let file = files.open(HEAD).ok()?;
        read_slots(file.as_ref(), HEAD).ok().map(|slots| slots.newest)
    }

    /// Makes what was read durable before anything is shown that rests on it, and writes slots
    /// that cannot be trusted again.
    pub(super) fn make_durable(&mut self, slots: &HeadSlots) -> Result<(), OpenError> {
        // In place: the newest slot may have been read from memory that never reached the disk,
        // and then the other slot is the one that a power cut must leave as it is. Where it was
        // durable the same bytes change nothing.
        let offset = HeadRecord::slot_offset(self.sequence);
        let mut slot = [0; HEAD_SLOT_BYTES];
        let again = self.file.read_at(offset, &mut slot);
        let again = again.and_then(|()| write_synced(self.file.as_ref(), offset, &slot));
        again.map_err(OpenError::io("writing", HEAD))?;
        if slots.invalid_slot.is_some() || self.copy.is_some() {
            self.put(&slots.newest).map_err(OpenError::io("writing", HEAD))?;
        }
        Ok(())
    }

    /// Makes a head durable, in the slot that does not hold the newest one.
    pub(super) fn put(&mut self, head: &HeadRecord) -> io::Result<()> {
        let sequence = self.sequence + 1;
        let slot = head.encode(sequence).map_err(io::Error::other)?;
        let offset = HeadRecord::slot_offset(sequence);
        write_synced(self.file.as_ref(), offset, &slot)?;
        if let Some(copy) = &self.copy {
            write_synced(copy.as_ref(), offset, &slot)?;
        }
        self.sequence = sequence;
        Ok(())
    }
}

fn open(files: &dyn Files) -> Result<Arc<dyn ByteFile>, OpenError> {
    files.open(HEAD).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => OpenError::HeadMissing { file: HEAD.to_owned() },
        _ => OpenError::io("opening", HEAD)(error),
    })
}

fn read_slots(file: &dyn ByteFile, name: &str) -> Result<HeadSlots, OpenError> {
    let bytes = read_from(file, 0).map_err(OpenError::io("reading", name))?;
    decode(&bytes, name)
}

fn decode(bytes: &[u8], name: &str) -> Result<HeadSlots, OpenError> {
    let invalid = |fault| OpenError::HeadInvalid { file: name.to_owned(), fault };
    HeadSlots::decode(bytes).map_err(invalid)
}

/// How often a head file is read in which a slot is not valid.
const READS_MAX: u32 = 8;
