//! Takes secrets out of text before it reaches a client, a log or a record.
