/* SPDX-License-Identifier: Apache-2.0
 *
 * One writer a name: the lock file, its two bytes and its mark, a child that keeps a dead writer's lock, a hand that
 * removes the file, deaths at any step (name_lock.cpp, writer.cpp). Section 6 of docs/segment-format.md. README.md has
 * the switches.
 *
 * A step is one system call. Contender 0 comes last, when nothing else happens any more: nobody living may keep it out
 * but a writer.
 */
#ifndef CONTENDERS
#define CONTENDERS 4
#endif
#ifndef KILLS
#define KILLS 2      /* contenders that die, each in the place of any step */
#endif
#ifndef TRIES
#define TRIES 2      /* of each contender, while it is patient */
#endif
#ifndef REMOVED
#define REMOVED 1    /* how often a hand removes a running writer's lock file */
#endif
#define FILES 12
#define NOBODY 9
#define CHILD 8      /* of somebody who died: it has his open files, hence his locks */

byte path;           /* the lock file under its name, 0: none */
byte files;          /* made so far */
byte writer_byte[FILES], decision_byte[FILES], mark[FILES];

byte segment_of = NOBODY; /* who made the segment under the name */
bit is_live;              /* the kernel's word on that one */

byte kills = KILLS, writing = NOBODY;

#define STEP(what) \
  atomic { if :: kills > 0 -> kills--; goto dying :: true -> what fi }

/* All locks of a contender go with its file, but what a child has inherited. */
inline close_file() {
  writer_byte[f] = (writer_byte[f] == me -> NOBODY : writer_byte[f]);
  decision_byte[f] = (decision_byte[f] == me -> NOBODY : decision_byte[f]);
  f = 0
}

inline make_file(holder) {
  files++;
  assert(files < FILES);
  f = files;
  writer_byte[f] = holder;
  decision_byte[f] = NOBODY;
  mark[f] = NOBODY
}

inline release_old() {
  decision_byte[old] = (decision_byte[old] == me -> NOBODY : decision_byte[old]);
  old = 0
}

inline win() {
  assert(writing == NOBODY);
  writing = me;
  won = true
}

inline write_mark() { mark[f] = me }

/* Puts a fresh, locked file in the place of one that a dead writer's child keeps. */
inline replace_lock() {
  atomic {
    old = f;
    make_file(me);
    mark[f] = me
  }
  STEP(path = f; win());
  STEP(release_old())
}

inline try_acquire() {
  won = false;
  f = 0;
  STEP(f = path);
  if
  :: f == 0 -> STEP(if :: path == 0 -> make_file(NOBODY); path = f :: path != 0 -> f = path fi)
  :: else
  fi;
#ifndef NO_DECISION_BYTE
  STEP(if :: decision_byte[f] == NOBODY -> decision_byte[f] = me :: else -> f = 0 fi);
#endif
  if
  :: f ->
     STEP(is_free = (writer_byte[f] == NOBODY); writer_byte[f] = (is_free -> me : writer_byte[f]));
#ifndef NO_PATH_CHECK
     STEP(if :: path != f -> close_file() :: else fi);
#endif
     if
     :: f && !is_free ->
        STEP(seen = mark[f]);
        STEP(if :: seen != NOBODY && seen == segment_of && !is_live -> skip :: else -> close_file() fi);
        if
        :: f -> replace_lock()
        :: else
        fi
     :: f && is_free ->
#ifndef NO_SEGMENT_CHECK
        STEP(in_use = is_live && segment_of != me && segment_of != NOBODY);
        if
        :: in_use -> STEP(path = 0); atomic { close_file() }
        :: else
        fi;
#endif
        if
        :: f ->
           STEP(write_mark());
           STEP(decision_byte[f] = NOBODY; win())
        :: else
        fi
     :: else
     fi
  :: else
  fi
}

proctype Contender(byte me) {
  byte f, old, seen, tries;
  bool is_free, in_use, won, was_alone;
#ifndef NO_LAST
  if
  :: me == 0 -> atomic { timeout -> was_alone = (writing == NOBODY) }
  :: else
  fi;
#endif
  do
  :: tries < TRIES && !won ->
     try_acquire();
     atomic { tries++; is_free = false; in_use = false; seen = 0 }
  :: won -> break
  :: !won && tries == TRIES -> break
  od;
  assert(!was_alone || won);
  if
  :: won ->
     STEP(segment_of = me; is_live = true); /* the segment, complete, gets its name */
     if
     :: true -> /* a clean end */
        STEP(segment_of = (segment_of == me -> NOBODY : segment_of); is_live = false; writing = NOBODY);
        STEP(path = (path == f -> 0 : path));
        atomic { close_file() };
        goto over
     :: me != 0 -> /* writes until it dies, or for ever */
end_writing:
        atomic { kills > 0 -> kills--; goto dying }
     :: me == 0 -> goto over
     fi
  :: else -> goto over
  fi;
dying:
  /* The kernel: the mark in the segment first, then the open files, unless a child of its has them too. */
  atomic {
    if :: old -> release_old() :: else fi;
    writing = (writing == me -> NOBODY : writing);
    is_live = (segment_of == me -> 0 : is_live)
  }
  if
  :: f == 0
  :: atomic { f && segment_of == me && writer_byte[f] == me ->
       writer_byte[f] = CHILD;
       close_file()
     }
  :: f -> atomic { close_file() }
  fi;
over:
  skip
}

#if REMOVED > 0
active proctype Hand() {
  byte left = REMOVED;
  do
  :: atomic { left > 0 && writing != NOBODY && segment_of == writing && is_live -> left--; path = 0 }
  :: break
  od
}
#endif

init {
  atomic {
    mark[0] = NOBODY;
    run Contender(0);
    run Contender(1);
    run Contender(2);
#if CONTENDERS > 3
    run Contender(3);
#endif
    skip
  }
}
