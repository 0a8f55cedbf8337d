using System.Runtime.ExceptionServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// One shared loop. Objects are used again and again: helpers join by taking a ticket, and tickets exist only between the
/// moment when all fields are set and the moment when the caller takes the remaining ones back, so a late helper never
/// meets a half-prepared loop.
/// </summary>
internal sealed unsafe class WorkerJob
{
    private readonly object _signal = new();
    private delegate*<void*, int, void> _run;
    private void* _body;
    private int _blocks;
    private int _next;
    private int _tickets;
    private int _left;
    private int _parked;
    private int _taken;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Helpers need no free seat: the caller asked for more threads than there are cores.</summary>
    internal bool Oversubscribed { get; private set; }

    /// <summary>Whether a helper could join now.</summary>
    internal bool HasWork => Volatile.Read(ref _tickets) > 0 && Volatile.Read(ref _next) < Volatile.Read(ref _blocks);

    /// <summary>Takes this object for one caller.</summary>
    internal bool TryTake() => Volatile.Read(ref _taken) == 0 && Interlocked.CompareExchange(ref _taken, 1, 0) == 0;

    /// <summary>Gives the object back and throws what a block threw.</summary>
    internal void Release()
    {
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        _body = null;
        Volatile.Write(ref _taken, 0);
        failure?.Throw();
    }

    /// <summary>Sets the loop up and lets <paramref name="helpers"/> threads join.</summary>
    internal void Open(delegate*<void*, int, void> run, void* body, int blocks, int helpers, bool oversubscribed)
    {
        _run = run;
        _body = body;
        _blocks = blocks;
        _left = 0;
        Oversubscribed = oversubscribed;
        Volatile.Write(ref _next, 0);
        Interlocked.Exchange(ref _tickets, helpers);
    }

    /// <summary>Runs blocks until none is left.</summary>
    internal void TakeBlocks()
    {
        try
        {
            int block;
            while ((block = Interlocked.Increment(ref _next) - 1) < _blocks)
                _run(_body, block);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            Volatile.Write(ref _next, _blocks);
        }
    }

    /// <summary>Takes the tickets back and returns when every helper that joined has left.</summary>
    internal void Close(int helpers)
    {
        int joined = helpers - Interlocked.Exchange(ref _tickets, 0);
        var spin = new BriefSpin();
        while (Volatile.Read(ref _left) < joined)
        {
            if (spin.Again())
                continue;
            lock (_signal)
            {
                Interlocked.Exchange(ref _parked, 1);
                while (Volatile.Read(ref _left) < joined)
                    Monitor.Wait(_signal);
                Volatile.Write(ref _parked, 0);
            }
        }
    }

    /// <summary>Takes a ticket, if there is one.</summary>
    internal bool TryJoin()
    {
        while (HasWork)
        {
            int tickets = Volatile.Read(ref _tickets);
            if (tickets > 0 && Interlocked.CompareExchange(ref _tickets, tickets - 1, tickets) == tickets)
                return true;
        }
        return false;
    }

    /// <summary>Tells the caller that this helper has left; the object may serve another caller at once.</summary>
    internal void Leave()
    {
        Interlocked.Increment(ref _left);
        if (Volatile.Read(ref _parked) == 0)
            return;
        lock (_signal)
            Monitor.PulseAll(_signal);
    }
}
