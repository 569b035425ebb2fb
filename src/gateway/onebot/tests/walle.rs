//! walle-core 0.7.4, a public implementation side of OneBot 12, over all four transports. What it
//! does against the standard is told where it is met: empty event ids, 403 for 401, answers in any order.
