//! The whole program: the real executable, its files, its doors and a OneBot client on loopback.

mod program {
    mod bot;
    mod crashes;
    mod damage;
    mod described;
    mod doors;
    mod encrypted;
    mod frames;
    mod full_disk;
    mod platform;
    mod privacy;
    mod rehearsed;
    mod reload;
    mod restart;
    mod revise;
    mod shadow;
    mod takeover;
    mod talk;
    mod threshold;
    mod watched;
}
