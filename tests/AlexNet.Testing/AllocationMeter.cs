namespace AlexNetTF.Testing;

/// <summary>Managed bytes that an action allocates.</summary>
/// <param name="Thread">On the calling thread.</param>
/// <param name="Process">In the whole process, other threads included.</param>
public readonly record struct AllocationMeter(long Thread, long Process)
{
    /// <summary>Measures the mean per call after warm-up calls.</summary>
    /// <param name="action">What is measured.</param>
    /// <param name="calls">How many calls the mean is taken over.</param>
    /// <param name="warmUps">Calls before the measurement, for compilation, caches and pools.</param>
    public static AllocationMeter PerCall(Action action, int calls = 20, int warmUps = 5)
    {
        for (int i = 0; i < warmUps; i++)
            action();
        long thread = GC.GetAllocatedBytesForCurrentThread();
        long process = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < calls; i++)
            action();
        thread = GC.GetAllocatedBytesForCurrentThread() - thread;
        process = GC.GetTotalAllocatedBytes(precise: true) - process;
        return new(thread / calls, process / calls);
    }
}
