using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

public sealed unsafe class WorkersTests
{
    private struct Count(int* cells) : IBlock
    {
        private readonly int* _cells = cells;

        public readonly void Run(int block) => Interlocked.Increment(ref _cells[block]);
    }

    private struct Fails(int at) : IBlock
    {
        private readonly int _at = at;

        public readonly void Run(int block)
        {
            if (block == _at)
                throw new InvalidOperationException("block " + block);
        }
    }

    private struct Nested(int* cells) : IBlock
    {
        private readonly int* _cells = cells;

        public readonly void Run(int block) => Workers.For(2, 10, new Count(_cells + 10 * block));
    }

    private struct Meet(Barrier barrier) : IBlock
    {
        private readonly Barrier _barrier = barrier;

        public readonly void Run(int block) => Assert.That(_barrier.SignalAndWait(20_000), Is.True);
    }

    private struct Crowd(int[] state) : IBlock
    {
        private readonly int[] _state = state;

        public readonly void Run(int block)
        {
            int now = Interlocked.Increment(ref _state[0]);
            int most;
            while (now > (most = Volatile.Read(ref _state[1])))
                Interlocked.CompareExchange(ref _state[1], now, most);
            Thread.SpinWait(2000);
            Interlocked.Decrement(ref _state[0]);
        }
    }

    [Test]
    public void EveryBlockRunsOnce([Values(0, 1, 2, 3, 7)] int threads, [Values(0, 1, 2, 5, 1000)] int blocks)
    {
        int* cells = stackalloc int[1001];
        for (int round = 1; round <= 20; round++)
        {
            Workers.For(threads, blocks, new Count(cells));
            for (int i = 0; i <= 1000; i++)
                Assert.That(cells[i], Is.EqualTo(i < blocks ? round : 0));
        }
    }

    [Test]
    public void MoreThreadsThanCoresReallyRun()
    {
        int threads = Workers.Cores + 2;
        using var barrier = new Barrier(threads);
        Workers.For(threads, threads, new Meet(barrier));
        Assert.That(barrier.CurrentPhaseNumber, Is.EqualTo(1));
    }

    [Test]
    public void ExceptionReachesTheCallerAndLeavesTheWorkersUsable([Values(1, 2, 7)] int threads)
    {
        for (int at = 0; at < 50; at += 7)
        {
            int block = at;
            var e = Assert.Throws<InvalidOperationException>(() => Workers.For(threads, 50, new Fails(block)));
            Assert.That(e!.Message, Is.EqualTo("block " + block));
        }
        EveryBlockRunsOnce(threads, 1000);
    }

    [Test]
    public void NestedCallsRunInline([Values(1, 2, 3)] int threads)
    {
        int* cells = stackalloc int[100];
        Workers.For(threads, 10, new Nested(cells));
        for (int i = 0; i < 100; i++)
            Assert.That(cells[i], Is.EqualTo(1));
    }

    [Test]
    public void CallersDoNotOversubscribe()
    {
        int[] state = new int[2];
        var callers = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                using (Workers.Enter())
                {
                    Workers.For(0, 20, new Crowd(state));
                    Workers.For(1, 2, new Crowd(state));
                }
            }
        })).ToList();
        callers.ForEach(t => t.Start());
        callers.ForEach(t => t.Join());
        Assert.That(state[0], Is.Zero);
        Assert.That(state[1], Is.InRange(1, Workers.Cores));
    }

    [Test]
    public void NothingIsAllocated()
    {
        int* cells = stackalloc int[100];
        Workers.For(0, 100, new Count(cells));
        Workers.For(0, 100, new Count(cells));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Workers.For(0, 100, new Count(cells));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void SleepingWorkersWakeUp()
    {
        using var barrier = new Barrier(2);
        for (int i = 0; i < 20; i++)
        {
            Thread.Sleep(2);
            Workers.For(Workers.Cores + 1, 2, new Meet(barrier));
        }
        Assert.That(barrier.CurrentPhaseNumber, Is.EqualTo(20));
    }
}
