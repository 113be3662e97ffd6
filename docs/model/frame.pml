/* SPDX-License-Identifier: Apache-2.0
 *
 * One generation's frames: publishing (publisher.cpp, hold_table.cpp) beside readers that hold and readers that
 * only look (ring.cpp, registration.cpp). Sections 3 to 5 of docs/segment-format.md. README.md has the switches.
 *
 * A step is one access to shared memory, one pread or pwrite of one entry, or one fcntl. A writer that is killed
 * is one that takes no further step, so whatever holds in every state holds for it, wherever it was.
 */
#ifndef SLOTS
#define SLOTS 3
#endif
#ifndef FRAMES
#define FRAMES 5
#endif
#ifndef HOLDERS
#define HOLDERS 2
#endif
#ifndef LOOKS
#define LOOKS 2     /* frames that each reader takes */
#endif
#ifndef DEATHS
#define DEATHS 1    /* holders that are killed, each at any step, and come back as another process */
#endif
#ifndef ABANDONED
#define ABANDONED 1 /* slots that are given back unpublished */
#endif
#ifndef ROUNDS
#define ROUNDS 2    /* how often the writer goes through the slots before it takes one that is held */
#endif
#define INDEX 8     /* a power of two, at least 2 * SLOTS */
#define ENTRY_COUNT 3
#define NONE 7

#define STABLE 0
#define CLAIMED 1
#define WRITING 2
#define WORD(n, s) ((n) * 4 + (s))
#define NUMBER(word) ((word) / 4)
#define STATE(word) ((word) % 4)

/* The segment. */
byte sequence[SLOTS];
byte head[SLOTS];   /* the payload and description, of two parts that are written one after the other */
byte tail[SLOTS];
byte index[INDEX];
byte latest;

/* NAME.readers: one hold an entry, and who has the lock on it. A hold names a slot or, BY_NUMBER, a frame. */
#ifdef BY_NUMBER
#define HOLD_OF(s, n) (8 + (n))
#else
#define HOLD_OF(s, n) ((s) + 1)
#endif
#define IS_HOLD_OF(word, s, n) ((word) == (s) + 1 || (n) != 0 && (word) == 8 + (n))
#define FREE 0
#define READER 1
#define WRITER 2
byte hold[ENTRY_COUNT];
byte lock[ENTRY_COUNT];

/* What nobody in the protocol sees. */
byte revoked;               /* a bit for each frame that was revoked */
byte trusted[ENTRY_COUNT];  /* slot + 1 of a hold that its reader believes in */
bit killed[ENTRY_COUNT];
byte abandoned;
bit done;

#define IS_TRUSTED(s) (trusted[0] == (s) + 1 || trusted[1] == (s) + 1 || trusted[2] == (s) + 1)

inline refresh() {
  d_step { entry = 0; do :: entry < HOLDERS -> seen[entry] = hold[entry]; entry++ :: else -> break od }
}

/* HoldTable::is_held_by_living(): whose holder died is cleared, under the lock that died with him. */
inline look_for_living_holder() {
  living = false;
  entry = 0;
  do
  :: entry < HOLDERS && IS_HOLD_OF(seen[entry], slot, number[slot]) ->
     if
     :: atomic { lock[entry] == FREE ->
#ifndef CLEAR_WITHOUT_LOCK
          lock[entry] = WRITER
#endif
        }
        atomic { hold[entry] = 0; seen[entry] = 0 }
#ifndef CLEAR_WITHOUT_LOCK
        atomic { lock[entry] = FREE; entry++ }
#else
        entry++
#endif
     :: atomic { lock[entry] != FREE -> living = true; break }
     fi
  :: entry < HOLDERS && !IS_HOLD_OF(seen[entry], slot, number[slot]) -> entry++
  :: entry >= HOLDERS -> break
  od
}

/* The oldest that was not tried, empty ones first, never the newest. */
inline choose_candidate() {
  d_step {
    slot = NONE;
    i = 0;
    do
    :: i < SLOTS ->
       if
       :: i != newest && !(tried & (1 << i)) && (slot == NONE || number[i] < number[slot]) -> slot = i
       :: else
       fi;
       i++
    :: else -> break
    od
  }
}

inline claim() {
  refresh();
  tried = 0;
  round = 1;
  do
  :: choose_candidate();
     if
     :: slot == NONE && round == ROUNDS -> break
     :: slot == NONE && round < ROUNDS -> refresh(); tried = 0; round++; choose_candidate()
     :: else
     fi;
     look_for_living_holder();
     if
     :: living -> tried = tried | (1 << slot)
     :: else ->
        sequence[slot] = WORD(number[slot], CLAIMED);
#ifndef NO_SECOND_LOOK
        refresh();
        look_for_living_holder();
#endif
        if
        :: living -> atomic { sequence[slot] = WORD(number[slot], STABLE); tried = tried | (1 << slot) }
        :: else -> break
        fi
     fi
  od;
  if
  :: slot == NONE ->
#ifdef WRITER_WAITS
     (trusted[0] == 0 || trusted[1] == 0);
#endif
     d_step {
       tried = 0;
       choose_candidate();
       revoked = revoked | (1 << number[slot]);
#ifdef ONE_READER
       /* One hold at a time, and two slots beside the newest: whoever is spared is spared. */
       assert(!IS_TRUSTED(slot));
#endif
     }
  :: else
  fi
}

active proctype Writer() {
  byte number[SLOTS], seen[ENTRY_COUNT];
  byte newest = NONE, n = 1, slot, tried, round, entry, i;
  bool living;
  do
  :: n <= FRAMES ->
     claim();
#ifndef NO_WRITING
     atomic { sequence[slot] = WORD(number[slot], WRITING); number[slot] = 0; tried = 0; round = 0; entry = 0 }
#endif
     head[slot] = n;
     if
     :: atomic { abandoned < ABANDONED -> abandoned++; sequence[slot] = WORD(0, STABLE) }
     :: true ->
        tail[slot] = n;
        sequence[slot] = WORD(n, STABLE);
#ifdef EARLY_LATEST
        latest = n;
        atomic { index[n % INDEX] = n * 4 + slot; number[slot] = n; newest = slot; n++ }
#else
        index[n % INDEX] = n * 4 + slot;
        atomic { latest = n; number[slot] = n; newest = slot; n++ }
#endif
     fi
  :: else -> break
  od;
  done = true
}

inline take_back() { atomic { trusted[me] = 0; hold[me] = 0 } }

/* ring::acquire() of a number from what may be there, use of the frame, Frame::valid(). */
inline look(can_hold) {
#ifdef BY_NUMBER
  /* Before it sleeps, a reader holds the frame that will wake it. */
  if
  :: can_hold -> hold[me] = HOLD_OF(0, last + 1)
  :: else
  fi;
#endif
  atomic {
    latest > 0 || done;
    n = latest;
    /* The newest, or in order; never back. */
    if
    :: n > last -> select_any()
    :: else -> n = 0
    fi
  }
  if
  :: n > 0 ->
     atomic { word = index[n % INDEX]; slot = word % 4 }
     if
     :: NUMBER(word) == n ->
        atomic { word = sequence[slot]; is_there = NUMBER(word) == n && STATE(word) != WRITING }
        if
        :: is_there ->
           is_held = false;
           if
           :: can_hold ->
              if
#ifdef BY_NUMBER
              :: n == last + 1 /* said already */
              :: n != last + 1 -> hold[me] = HOLD_OF(slot, n)
#else
              :: hold[me] = HOLD_OF(slot, n)
#endif
              fi;
#ifdef NO_LOOK_AFTER_HOLD
              atomic { is_held = true; trusted[me] = slot + 1 }
#else
              atomic {
                word = sequence[slot];
#ifdef ACCEPT_CLAIMED
                is_held = NUMBER(word) == n && STATE(word) != WRITING;
#else
                is_held = word == WORD(n, STABLE);
#endif
                trusted[me] = (is_held -> slot + 1 : 0)
              }
              if
              :: !is_held -> take_back()
              :: else
              fi
#endif
           :: else
           fi;
#ifdef HOLDERS_STOP
           if
           :: !is_held
           :: is_held -> false /* for ever */
           fi;
#endif
           a = head[slot];
           b = tail[slot];
           atomic {
             word = sequence[slot];
#ifdef NO_CHECK_AFTER
             is_valid = true;
#else
             is_valid = NUMBER(word) == n && STATE(word) != WRITING;
#endif
             /* What is said to be frame n is frame n, all of it. */
             assert(!is_valid || (a == n && b == n));
             /* A hold that was believed in is lost to a counted revocation only. */
             assert(is_valid || !is_held || revoked & (1 << n));
             if :: is_valid -> last = n :: else fi;
             a = 0; b = 0; is_there = false; is_valid = false
           }
           if
           :: is_held -> take_back(); is_held = false
           :: else
           fi
        :: else
        fi
     :: else
     fi
  :: else
  fi;
  atomic { word = 0; slot = 0; n = 0; is_there = false; looks++ }
}

/* Any number from the one after the last to the newest. */
inline select_any() {
  do
  :: n > last + 1 -> n--
  :: break
  od
}

#if HOLDERS > 0
/* A reader that holds: enters itself, looks, and may be killed at any step, which the kernel notices. */
proctype Holder(byte who) {
  byte me = NONE, n, last, word, slot, a, b, looks;
  bool is_there, is_held, is_valid, is_entered;
again:
  {
    /* Registration::take(): the lowest byte that can be locked, then the whole entry. */
    me = 0;
    do
    :: atomic { me < HOLDERS && lock[me] == FREE -> lock[me] = READER; is_entered = true }; break
    :: atomic { me < HOLDERS && lock[me] != FREE -> me++ }
    :: me >= HOLDERS -> goto ended
    od;
    hold[me] = 0;
    do
    :: looks < LOOKS -> look(true)
    :: else -> break
    od;
    hold[me] = 0;
    atomic { lock[me] = FREE; is_entered = false }
  } unless {
    atomic {
      killed[who] ->
      killed[who] = false;
      if
      :: is_entered -> trusted[me] = 0; lock[me] = FREE; is_entered = false
      :: else
      fi;
      me = NONE; n = 0; last = 0; word = 0; slot = 0; a = 0; b = 0;
      is_there = false; is_held = false; is_valid = false;
      goto again
    }
  };
ended: skip
}
#endif

#ifdef OBSERVER
active proctype Observer() {
  byte me, n, last, word, slot, a, b, looks;
  bool is_there, is_held, is_valid;
  do
  :: looks < LOOKS -> look(false)
  :: else -> break
  od
}
#endif

/* Whoever comes at whatever moment finds the newest frame whole, though the writer be dead since then. */
active proctype Newcomer() {
  atomic {
    latest > 0 ->
    assert(NUMBER(index[latest % INDEX]) == latest);
    assert(NUMBER(sequence[index[latest % INDEX] % 4]) == latest);
    assert(STATE(sequence[index[latest % INDEX] % 4]) != WRITING);
    assert(head[index[latest % INDEX] % 4] == latest && tail[index[latest % INDEX] % 4] == latest)
  }
}

#if HOLDERS > 0 && DEATHS > 0
active proctype Killer() {
  byte left = DEATHS;
  do
  :: atomic { left > 0 -> killed[0] = true; left-- };
end: !killed[0]
  :: break
  od
}
#endif

init {
  atomic {
#if HOLDERS > 0
    run Holder(0);
#endif
#if HOLDERS > 1
    run Holder(1);
#endif
    skip
  }
}

/* The writer waits for no reader, whatever they do or no longer do. */
ltl never_waits { <> done }
