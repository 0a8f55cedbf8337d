using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Execution;

/// <summary>What a session does not do in its steady state: allocate, or grow.</summary>
public class SteadyStateTests
{
    [TestCase(1, 1f, 1)]
    [TestCase(1, 0.5f, 2)]
    [TestCase(5, 0.5f, 2)]
    public void RunAllocatesNothingButTheResult(int batch, float keepProb, int threads)
    {
        var net = new SmallNet();
        using Session session = net.Open(new SessionOptions { Threads = threads });
        Feeds feeds = net.Feed(batch, keepProb);
        var values = new TensorData(DType.Float32, [batch, 10]);

        AllocationMeter alone = Least(() => _ = new NDArray?[] { values.ToNDArray() });
        AllocationMeter run = Least(() => session.Run(net.Probabilities, feeds));

        Assert.That(run.Thread, Is.EqualTo(alone.Thread), "bytes on the calling thread, beside those of the result alone");
        Assert.That(run.Process, Is.EqualTo(alone.Process), "bytes in the process, beside those of the result alone");
    }

    [Test]
    public void ManyRunsLeaveMemoryFlat()
    {
        // In a process of its own: other tests and the runner's reports of them count as memory too.
        if (!ChildProcess.IsChild)
        {
            TestTotals totals = ChildProcess.RunTests($"FullyQualifiedName~{nameof(SteadyStateTests)}.{nameof(ManyRunsLeaveMemoryFlat)}", new Dictionary<string, string?>());
            Assert.That((totals.Passed, totals.Failed), Is.EqualTo((1, 0)), totals.Output);
            return;
        }

        const long Slack = 4 << 20;
        var net = new SmallNet();
        using Session session = net.Open();
        Feeds[] feeds = [net.Feed(1, 0.5f), net.Feed(2, 0.5f)];
        Run(200);

        // The first look itself leaves something behind.
        _ = Used();
        (long managed, long process) = Used();
        Run(2000);
        (long managedAfter, long processAfter) = Used();

        Assert.That(managedAfter - managed, Is.LessThan(64 << 10), "managed bytes");
        Assert.That(processAfter - process, Is.LessThan(Slack), "bytes of the process");

        void Run(int runs)
        {
            for (int i = 0; i < runs; i++) session.Run(net.Probabilities, feeds[i % 2]);
        }
    }

    private static (long Managed, long Process) Used()
    {
        // Results hold native memory until they are finalized.
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), process.PrivateMemorySize64);
    }

    // Whatever else runs in the process allocates now and then, but not during every measurement.
    private static AllocationMeter Least(Action action)
    {
        AllocationMeter[] found = [.. Enumerable.Range(0, 8).Select(_ => AllocationMeter.PerCall(action, calls: 10))];
        return new(found.Min(meter => meter.Thread), found.Min(meter => meter.Process));
    }
}
