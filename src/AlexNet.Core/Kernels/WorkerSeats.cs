using System.Diagnostics;

namespace AlexNetTF.Kernels;

/// <summary>
/// Who may compute now: as many seats as cores, for callers and helpers alike. Waiting callers go before helpers.
/// Also the place where idle workers wait and find open loops.
/// </summary>
internal sealed class WorkerSeats
{
    private readonly object _callers = new();
    private readonly object _idlers = new();
    private readonly WorkerJob[] _jobs;
    private int _free;
    private int _waiting;
    private int _idle;

    internal WorkerSeats(int cores)
    {
        _free = cores;
        // One loop for each seated caller: TakeJob always finds one.
        _jobs = new WorkerJob[cores];
        for (int i = 0; i < cores; i++)
            _jobs[i] = new WorkerJob();
    }

    /// <summary>Takes a seat; waits while all are taken.</summary>
    internal void Take()
    {
        if (Volatile.Read(ref _waiting) == 0 && TryTake())
            return;
        lock (_callers)
        {
            Interlocked.Increment(ref _waiting);
            while (!TryTake())
                Monitor.Wait(_callers);
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Gives a seat back.</summary>
    internal void Leave()
    {
        Interlocked.Increment(ref _free);
        if (Volatile.Read(ref _waiting) == 0)
            return;
        lock (_callers)
            Monitor.Pulse(_callers);
    }

    /// <summary>A loop object for the seated caller.</summary>
    internal WorkerJob TakeJob()
    {
        while (true)
        {
            foreach (WorkerJob job in _jobs)
            {
                if (job.TryTake())
                    return job;
            }
        }
    }

    /// <summary>Wakes idle workers for a loop that was just opened.</summary>
    internal void Announce(WorkerJob job, int helpers)
    {
        if (Volatile.Read(ref _idle) == 0 || !MayHelp(job))
            return;
        lock (_idlers)
        {
            for (int i = Math.Min(helpers, _idle); i > 0; i--)
                Monitor.Pulse(_idlers);
        }
    }

    /// <summary>The life of a worker: help, look around for a moment, sleep.</summary>
    internal void Work()
    {
        var spin = new BriefSpin();
        while (true)
        {
            if (HelpSomebody())
                spin = new BriefSpin();
            else if (!spin.Again())
                Sleep();
        }
    }

    private void Sleep()
    {
        lock (_idlers)
        {
            Interlocked.Increment(ref _idle);
            if (!IsHelpWanted())
                Monitor.Wait(_idlers);
            Interlocked.Decrement(ref _idle);
        }
    }

    private bool IsHelpWanted()
    {
        foreach (WorkerJob job in _jobs)
        {
            if (job.HasWork && MayHelp(job))
                return true;
        }
        return false;
    }

    private bool HelpSomebody()
    {
        foreach (WorkerJob job in _jobs)
        {
            if (!job.HasWork || !MayHelp(job))
                continue;
            bool seated = !job.Oversubscribed;
            if (seated && !TryTake())
                continue;
            bool joined = job.TryJoin();
            if (joined)
            {
                job.TakeBlocks();
                job.Leave();
            }
            if (seated)
                Leave();
            if (joined)
                return true;
        }
        return false;
    }

    private bool MayHelp(WorkerJob job) =>
        job.Oversubscribed || (Volatile.Read(ref _free) > 0 && Volatile.Read(ref _waiting) == 0);

    private bool TryTake()
    {
        while (true)
        {
            int free = Volatile.Read(ref _free);
            if (free <= 0)
                return false;
            if (Interlocked.CompareExchange(ref _free, free - 1, free) == free)
                return true;
        }
    }
}

/// <summary>Busy waiting for about as long as waking a sleeping thread takes.</summary>
internal struct BriefSpin
{
    private static readonly long s_limit = Stopwatch.Frequency / 10_000;
    private long _start;

    /// <summary>Waits some instructions and says whether the time is not over yet.</summary>
    internal bool Again()
    {
        long now = Stopwatch.GetTimestamp();
        if (_start == 0)
            _start = now;
        Thread.SpinWait(8);
        return now - _start < s_limit;
    }
}
