/** Options of torchrun that say where its processes meet: two runs at once can't meet in the same place. */
const MEETING = /^--?(?:master[-_](?:port|addr)|rdzv[-_](?:endpoint|backend|id|conf))(=|$)/;

/** What `--standalone` means in torch 2; in 1.13 it stands for one port that all share. */
const ALONE = ['--rdzv_backend=c10d', '--rdzv_endpoint=localhost:0', '--rdzv_id=trial'];

/** The same processes, on this machine alone, that meet at a port which nobody has. */
export function standalone(torchrun: readonly string[]): string[] {
  const kept = torchrun.filter((option, i) => {
    const isValue = MEETING.exec(torchrun[i - 1] ?? '')?.[1] === '';
    return !isValue && !MEETING.test(option) && option !== '--standalone';
  });
  return [...ALONE, ...kept];
}

/** How many processes torchrun starts here; 1 where it isn't said in a number. */
export function ranksOf(torchrun: readonly string[] | undefined): number {
  const [, count] = /--nproc[-_]per[-_]node[= ](\d+)/.exec((torchrun ?? []).join(' ')) ?? [];
  return Math.max(1, Number(count ?? 1));
}
