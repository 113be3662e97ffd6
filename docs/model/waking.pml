/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is woken, who is told what, and who goes on where: publishing, sleeping, a writer's death at any step, clean
 * ends, restarts by the same writer and by another one (reader.cpp, waiting.cpp, attendant.cpp, writer.cpp,
 * predecessor.cpp). Sections 3, 4 and 6 of docs/segment-format.md. README.md has the switches.
 *
 * A step is one access to shared memory or one system call. No time passes here unless SLICES says so: what holds
 * without it holds without any time-out. Frames are only their numbers; frame.pml has what is behind those.
 */
#ifndef FRAMES
#define FRAMES 2       /* published in all */
#endif
#ifndef GENERATIONS
#define GENERATIONS 3
#endif
#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef RESTARTS
#define RESTARTS 1     /* whether a writer may go on with another generation of its own */
#endif
#ifndef KILLS
#define KILLS 1        /* writers that die, each in the place of any step */
#endif
#ifndef SLICES
#define SLICES 0       /* how often a sleep ends by itself when nothing else can happen */
#endif
#ifndef READERS
#define READERS 2
#endif
#define NOBODY 9

#define LIVE 1
#define SUPERSEDED 2
#define CLOSED 3
#define DEAD 4
#define NO_OWNER 0
#define OWNED 1
#define DIED 2

/* The generations, from 1, and which stands under the name, 0: none. */
byte latest[GENERATIONS + 1], notify[GENERATIONS + 1], owner[GENERATIONS + 1], state[GENERATIONS + 1];
byte first[GENERATIONS + 1];
byte name, made;
byte lock = NOBODY;

/* The kernel: who sleeps on the words of which generation, and who was told by inotify. */
byte sleeping[2];
bit watching[2], event[2];

/* What nobody in the protocol sees. */
byte maker[GENERATIONS + 1];
bit dead[2], ended_well[GENERATIONS + 1], request[GENERATIONS + 1];
byte kills = KILLS;
byte attached[2], last[2], told[2];
byte published, publishing = NOBODY;

#define IS_OLD(r) (attached[r] != name && name != 0)
#define HAS_UNSEEN(r) (attached[r] != 0 && latest[attached[r]] > last[r])
#define HAS_ENDED(g) (state[g] == CLOSED || state[g] == SUPERSEDED || owner[g] != OWNED)
/* There is nothing that this reader could still learn. */
#define IS_SETTLED(r) (!IS_OLD(r) && !HAS_UNSEEN(r) && \
                       (attached[r] == 0 || told[r] == attached[r] || !HAS_ENDED(attached[r])))

#define ALL_SETTLED (IS_SETTLED(0) && (READERS == 1 || IS_SETTLED(1)))

inline wake_all(g) {
  d_step {
    if :: sleeping[0] == g -> sleeping[0] = 0 :: else fi;
    if :: sleeping[1] == g -> sleeping[1] = 0 :: else fi
  }
}

inline put_under_name(g) {
  d_step { name = g; event[0] = watching[0]; event[1] = watching[1] }
}

/* One step of a writer, or its death in its place. */
#define STEP(what) \
  atomic { if :: kills > 0 -> kills--; dead[me] = true; goto dying :: true -> what fi }

/* Writer::Impl::start_generation(), and Predecessor::supersede() where the old one is another's. */
inline start_generation() {
  atomic { made++; g = made; maker[g] = me; first[g] = number + 1; state[g] = LIVE }
#ifdef NAME_BEFORE_OWNER
  STEP(put_under_name(g));
  STEP(owner[g] = OWNED);
#else
  STEP(owner[g] = OWNED);
#ifdef SUPERSEDE_BEFORE_NAME
  if :: old -> STEP(state[old] = SUPERSEDED); STEP(notify[old]++); STEP(wake_all(old)) :: else fi;
#endif
  STEP(put_under_name(g));
#endif
#ifndef SUPERSEDE_BEFORE_NAME
  if
  :: old ->
     STEP(state[old] = SUPERSEDED);
     STEP(notify[old]++);
#ifndef NO_WAKE_ON_SUPERSEDE
     STEP(wake_all(old));
#endif
     /* The old one's attendant ends. */
     if
     :: maker[old] == me -> STEP(owner[old] = NO_OWNER)
     :: else
     fi
  :: else
  fi
#endif
}

inline publish() {
#ifdef NOTIFY_BEFORE_LATEST
  STEP(notify[g]++);
  STEP(wake_all(g));
#endif
  STEP(assert(publishing == me); number++; published++; latest[g] = number);
#ifdef WAKE_BEFORE_NOTIFY
  STEP(wake_all(g));
#endif
#ifndef NOTIFY_BEFORE_LATEST
  STEP(notify[g]++);
#ifndef WAKE_BEFORE_NOTIFY
#ifdef MANY
  STEP(request[g] = true)
#else
  STEP(wake_all(g))
#endif
#endif
#endif
}

inline close() {
  STEP(name = (name == g -> 0 : name));
#ifdef OWNER_BEFORE_STATE
  STEP(owner[g] = NO_OWNER);
#endif
  STEP(state[g] = CLOSED; ended_well[g] = true);
  STEP(notify[g]++);
  STEP(wake_all(g));
  STEP(publishing = NOBODY; lock = NOBODY);
  STEP(owner[g] = NO_OWNER)
}

/* The kernel's part: each word that the dead one owned is marked, one sleeper woken for it, then the lock goes. */
inline kernel_buries() {
  old = 1;
  do
  :: atomic { old <= GENERATIONS && maker[old] == me && owner[old] == OWNED ->
       owner[old] = DIED;
#ifndef ONLY_NOTIFY
       if
       :: sleeping[0] == old -> sleeping[0] = 0
       :: sleeping[1] == old -> sleeping[1] = 0
       :: sleeping[0] != old && sleeping[1] != old
       fi;
#endif
       old++
     }
  :: atomic { old <= GENERATIONS && (maker[old] != me || owner[old] != OWNED) -> old++ }
  :: atomic { old > GENERATIONS ->
       old = 0;
       g = 0;
       number = 0;
       lock = (lock == me -> NOBODY : lock);
       publishing = (publishing == me -> NOBODY : publishing);
       break
     }
  od
}

proctype Writer(byte me) {
  byte g, old, number;
  /* One writer a name; one_writer.pml has how. */
#ifdef NO_LOCK
  STEP(skip);
#else
  if
  :: atomic { lock == NOBODY -> lock = me }
  :: atomic { lock != NOBODY -> goto over }
  fi;
#endif
  STEP(assert(publishing == NOBODY); publishing = me; old = name);
  if
  :: old -> STEP(number = (latest[old] -> latest[old] : first[old] - 1))
  :: else
  fi;
  if
  :: made < GENERATIONS -> start_generation()
  :: made == GENERATIONS -> goto over
  fi;
  do
  :: published < FRAMES -> publish()
  :: RESTARTS && made < GENERATIONS -> old = g; start_generation()
  :: close(); goto over
  :: goto over /* lives on, and publishes nothing more */
  od;
over:
end:
  atomic { kills > 0 -> kills--; dead[me] = true };
dying:
  kernel_buries()
}

#ifdef MANY
/* The attendant of each generation, who wakes where there are many. It ends with its generation. */
active proctype Attendants() {
  byte g = 1;
end:
  do
  :: atomic { g <= GENERATIONS && request[g] && owner[g] == OWNED -> request[g] = false }; wake_all(g)
  :: atomic { g < GENERATIONS && made > g && owner[g] != OWNED -> g++ }
  od
}
#endif

/* Words of one cache line each; COARSE reads two of them in one step, which makes larger bounds affordable. */
inline remember_words() {
#ifdef COARSE
  atomic { seen_notify = notify[g]; seen_owner = owner[g] }
#else
  seen_notify = notify[g];
  seen_owner = owner[g]
#endif
}

/* Generation::fate(): the owner first. */
inline judge() {
#ifdef STATE_BEFORE_OWNER
  s = state[g];
  atomic { o = owner[g]; fate = (s != LIVE -> s : (o == OWNED -> LIVE : DEAD)); o = 0; s = 0 }
#elif defined(COARSE)
  atomic { o = owner[g]; s = state[g]; fate = (s != LIVE -> s : (o == OWNED -> LIVE : DEAD)); o = 0; s = 0 }
#else
  o = owner[g];
  atomic { s = state[g]; fate = (s != LIVE -> s : (o == OWNED -> LIVE : DEAD)); o = 0; s = 0 }
#endif
}

inline take() {
  atomic { taken = latest[g] > last[me]; last[me] = (taken -> latest[g] : last[me]) }
}

/* The kernel woke one sleeper, who may be this one: first of all the others are woken. */
inline pass_on() {
#ifndef NO_PASS_ON
  if
#ifdef PASS_ON_LATE
  :: fate == DEAD && !is_end_told -> wake_all(g)
#else
  :: seen_owner == DIED && !is_passed_on -> atomic { wake_all(g); is_passed_on = true }
#endif
  :: else
  fi
#endif
}

inline follow() {
  atomic {
    if
    :: name != 0 && name != g ->
       g = name;
       attached[me] = g;
       last[me] = (last[me] < first[g] - 1 -> last[me] : first[g] - 1);
       is_passed_on = false;
       is_end_told = false;
       goto again
    :: else
    fi
  }
}

inline tell_the_end() {
  atomic {
    is_end_told = true;
    told[me] = g;
    /* Who is told that it has ended has had its last frame, and is told what is true. */
    assert(latest[g] <= last[me]);
    assert(fate != DEAD || dead[maker[g]]);
    assert(fate != CLOSED || ended_well[g]);
    assert(fate != SUPERSEDED || name != g)
  }
}

#ifdef ONLY_NOTIFY
#define WORDS_ARE_AS_SEEN (notify[g] == seen_notify)
#elif defined(NO_COMPARE)
#define WORDS_ARE_AS_SEEN true
#else
#define WORDS_ARE_AS_SEEN (notify[g] == seen_notify && owner[g] == seen_owner)
#endif

inline sleep_on_words() {
  atomic {
    if
    :: WORDS_ARE_AS_SEEN -> sleeping[me] = g
    :: else
    fi
  }
end_asleep:
  sleeping[me] == 0;
  if
  :: notify[g] == seen_notify && owner[g] == seen_owner -> follow()
  :: else
  fi
}

inline watch_directory() {
#ifdef LOOK_THEN_WATCH
  watching[me] = true;
#else
  if
  :: !is_watching -> atomic { watching[me] = true; is_watching = true; goto again } /* and looks once more */
  :: else
  fi;
#endif
end_watching:
  atomic { event[me] -> event[me] = false }
}

proctype Reader(byte me) {
  byte g, seen_notify, seen_owner, o, s, fate;
  bool taken, is_passed_on, is_end_told, is_watching;
  /* Waiting for the name to appear: watch, then look. */
  watching[me] = true;
  do
  :: atomic { name != 0 -> g = name; attached[me] = g; watching[me] = false; event[me] = false; break }
  :: name == 0 ->
end_absent:
     atomic { event[me] -> event[me] = false }
  od;
again:
  do
  :: atomic { taken = false; fate = 0; seen_notify = 0; seen_owner = 0 };
#ifdef LOOK_BEFORE_WORDS
     take();
     remember_words();
     pass_on();
     judge();
#else
     remember_words();
#ifndef PASS_ON_LATE
     pass_on();
#endif
#ifdef LOOK_BEFORE_FATE
     take();
     judge();
#else
     judge();
     take();
#endif
#endif
     if
     :: taken
     :: !taken && fate != LIVE ->
        follow();
#ifdef PASS_ON_LATE
        pass_on();
#endif
        if
        :: !is_end_told -> tell_the_end()
        :: is_end_told -> watch_directory()
        fi
     :: !taken && fate == LIVE -> sleep_on_words()
     fi
  od
}

/* Time passes when nothing else can happen; when there is none left, everybody knows all that there is to know. */
active proctype Clock() {
  byte left = SLICES;
  do
  :: atomic { timeout && left > 0 ->
       left--;
       sleeping[0] = 0; sleeping[1] = 0; event[0] = watching[0]; event[1] = watching[1]
     }
  :: atomic { timeout && left == 0 -> assert(ALL_SETTLED); break }
  od
}

init {
  atomic {
    run Writer(0);
#if WRITERS > 1
    run Writer(1);
#endif
    run Reader(0);
#if READERS > 1
    run Reader(1);
#endif
    skip
  }
}
