using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>Work that is cut into numbered blocks; a struct, so that <see cref="Workers.For"/> allocates nothing.</summary>
internal interface IBlock
{
    void Run(int block);
}

/// <summary>As <see cref="IBlock"/>, written over the vector width that <see cref="Simd.Width"/> chooses.</summary>
internal interface ISimdBlock
{
    void Run<V>(int block) where V : struct, ISimd<V>;
}

/// <summary>
/// The threads of the process that compute. <c>Workers.For(threads, blocks, body)</c> hands blocks 0 … blocks−1 to the
/// caller and to idle workers and returns when all are done; it allocates nothing. What a block computes must not depend
/// on who runs it. Nested calls run inline. An exception in a block stops the hand-out and is thrown to the caller.
/// At most <see cref="Cores"/> threads compute at a time: callers beyond that wait for a seat, workers help only while a
/// seat is free. <c>using (Workers.Enter())</c> keeps the caller's seat over several calls (a whole run of a plan);
/// take locks before it.
/// </summary>
internal static unsafe class Workers
{
    private const int MaxWorkers = 255;

    [ThreadStatic]
    private static bool t_computing;

    [ThreadStatic]
    private static bool t_seated;

    /// <summary>Number of processors that this process may use.</summary>
    internal static int Cores { get; } = Environment.ProcessorCount;

    /// <summary>Number of threads that a request means: 0 stands for all cores.</summary>
    internal static int Resolve(int threads) => threads <= 0 ? Cores : threads;

    private static readonly WorkerSeats s_seats = new(Cores);
    private static readonly Lock s_growth = new();
    private static int s_workers;

    /// <summary>
    /// Runs <paramref name="body"/> for blocks 0 … <paramref name="blocks"/> − 1 with at most <paramref name="threads"/>
    /// threads, 0 for all cores. More threads than cores are allowed and are then really started.
    /// </summary>
    internal static void For<T>(int threads, int blocks, in T body) where T : struct, IBlock
    {
        if (blocks <= 0)
            return;
        T local = body;
        if (t_computing)
        {
            RunAll(ref local, blocks);
            return;
        }
        using var seat = Enter();
        t_computing = true;
        try
        {
            int limit = Math.Min(Resolve(threads), blocks);
            if (limit <= 1)
                RunAll(ref local, blocks);
            else
                Share(threads > Cores, Math.Min(limit - 1, MaxWorkers), blocks, ref local);
        }
        finally
        {
            t_computing = false;
        }
    }

    /// <summary>As <see cref="For"/>, with <paramref name="body"/> compiled for the current vector width.</summary>
    internal static void ForSimd<T>(int threads, int blocks, in T body) where T : struct, ISimdBlock
    {
        switch (Simd.Width)
        {
            case VectorWidth.V512: For(threads, blocks, new Vectorised<T, V512>(body)); break;
            case VectorWidth.V256: For(threads, blocks, new Vectorised<T, V256>(body)); break;
            default: For(threads, blocks, new Vectorised<T, V128>(body)); break;
        }
    }

    /// <summary>Takes a seat for this thread until the result is disposed; waits while all are taken. May be nested.</summary>
    internal static Seat Enter()
    {
        if (t_seated)
            return default;
        s_seats.Take();
        t_seated = true;
        return new Seat(true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunAll<T>(ref T body, int blocks) where T : struct, IBlock
    {
        for (int i = 0; i < blocks; i++)
            body.Run(i);
    }

    private static void Share<T>(bool oversubscribed, int helpers, int blocks, ref T body) where T : struct, IBlock
    {
        if (s_workers < helpers)
            Grow(helpers);
        WorkerJob job = s_seats.TakeJob();
        // The struct stays on this stack until the last helper has left, so a raw pointer to it is safe.
        job.Open(&Execute<T>, Unsafe.AsPointer(ref body), blocks, helpers, oversubscribed);
        s_seats.Announce(job, helpers);
        job.TakeBlocks();
        job.Close(helpers);
        job.Release();
    }

    private static void Execute<T>(void* body, int block) where T : struct, IBlock =>
        Unsafe.AsRef<T>(body).Run(block);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Grow(int count)
    {
        lock (s_growth)
        {
            for (; s_workers < count; s_workers++)
                new Thread(Work) { IsBackground = true, Name = "AlexNet worker" }.Start();
        }
    }

    private static void Work()
    {
        t_computing = true;
        t_seated = true;
        s_seats.Work();
    }

    private struct Vectorised<T, V>(T body) : IBlock
        where T : struct, ISimdBlock
        where V : struct, ISimd<V>
    {
        private T _body = body;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(int block) => _body.Run<V>(block);
    }

    /// <summary>A caller's right to compute; given back by <see cref="Dispose"/>.</summary>
    internal readonly ref struct Seat(bool taken)
    {
        private readonly bool _taken = taken;

        public void Dispose()
        {
            if (!_taken)
                return;
            t_seated = false;
            s_seats.Leave();
        }
    }
}
