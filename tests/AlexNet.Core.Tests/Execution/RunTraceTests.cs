using System.Text.Json;
using AlexNetTF.Execution;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Execution;

/// <summary>What a trace says of a run of the managed engine.</summary>
public class RunTraceTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void StepsAreThePlansEachOnceInOrder(bool fuse)
    {
        var net = new SmallNet();
        using Session session = net.Open(new SessionOptions { Fuse = fuse });
        Feeds feeds = net.Feed(2);
        var trace = new RunTrace();
        float[] plain = session.Run(net.Probabilities, feeds).ToArray<float>(), traced = session.Run(net.Probabilities, feeds, trace).ToArray<float>();

        // A line of a plan: type, name, inputs in parentheses, outputs.
        string plan = ((ManagedEngine)session.Engine).Describe([net.Probabilities], feeds);
        string[] expected = [.. plan.Split('\n').Where(line => line.Contains('(')).Select(line => line[..line.IndexOf(" (", StringComparison.Ordinal)])];
        Assert.That(trace.Steps.Select(step => $"{step.Op} {step.Name}"), Is.EqualTo(expected));
        Assert.That(traced, Is.EqualTo(plain));
        TraceStep last = trace.Steps[^1];
        Assert.That((last.Op, last.Outputs, last.OutputBytes), Is.EqualTo(("Softmax", "float32 [2,10]", 80L)));
    }

    [Test]
    public void StepsFollowOneAnotherWithinTheCall()
    {
        var net = new SmallNet();
        using Session session = net.Open();
        var trace = new RunTrace();
        DateTimeOffset before = DateTimeOffset.UtcNow;
        session.Run(net.Probabilities, net.Feed(1), trace);

        Assert.That(trace.Start, Is.InRange(before, DateTimeOffset.UtcNow));
        TimeSpan at = TimeSpan.Zero, tick = TimeSpan.FromTicks(1);
        foreach (TraceStep step in trace.Steps)
        {
            Assert.That(step.Duration, Is.GreaterThanOrEqualTo(TimeSpan.Zero), step.Name);
            Assert.That(step.Start + tick, Is.GreaterThanOrEqualTo(at), step.Name);
            at = step.Start + step.Duration;
        }

        Assert.That(at, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(at, Is.LessThanOrEqualTo(trace.Duration + tick));
    }

    [Test]
    public void EveryKindOfFetchTakesATrace()
    {
        var net = new SmallNet();
        Operation step = new GradientDescentOptimizer(0.01f).Minimize(net.Loss);
        using Session session = net.Open();
        Feeds feeds = net.Batch(2);
        RunTrace operation = new(), tensors = new(), fetches = new();
        session.Run(step, feeds, operation);
        session.Run([net.Loss, net.Probabilities], feeds, tensors);
        session.Run([Fetch.Of(step), Fetch.Of(net.Loss)], feeds, fetches);

        Assert.That(operation.Steps.Select(item => item.Op), Has.Some.Contains("ApplyGradientDescent"));
        Assert.That(tensors.Steps.Select(item => item.Name), Does.Contain("loss"));
        Assert.That(fetches.Steps.Count(item => item.Name == "loss"), Is.EqualTo(1));
        Assert.Throws<ArgumentNullException>(() => session.Run(net.Loss, feeds, null!));
    }

    [Test]
    public void AFailedRunLeavesTheTraceAsItWas()
    {
        var net = new SmallNet();
        using Session session = net.Open();
        var trace = new RunTrace();
        Assert.That(trace.Steps, Is.Empty);
        session.Run(net.Probabilities, net.Feed(1), trace);
        IReadOnlyList<TraceStep> steps = trace.Steps;
        Assert.Throws<OperationCanceledException>(() => session.Run(net.Probabilities, net.Feed(1), trace, new CancellationToken(true)));
        Assert.That(trace.Steps, Is.SameAs(steps));
    }

    [Test]
    public void RunsAtOnceMayShareATrace()
    {
        var net = new SmallNet();
        using Session session = net.Open(new SessionOptions { Threads = 1 });
        var trace = new RunTrace();
        session.Run(net.Probabilities, net.Feed(1), trace);
        string[] names = [.. trace.Steps.Select(step => step.Name)];
        Parallel.For(0, 40, i =>
        {
            session.Run(net.Probabilities, net.Feed(1 + (i % 3)), trace);
            Assert.That(trace.Steps.Select(step => step.Name), Is.EqualTo(names));
        });
    }

    [Test]
    public void AChromeTraceIsWhatChromeReads()
    {
        using var folder = new TempFolder();
        var net = new SmallNet();
        using Session session = net.Open();
        var trace = new RunTrace();
        session.Run(net.Probabilities, net.Feed(2), trace);
        string path = folder["trace.json"];
        trace.WriteChromeTrace(path);

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement[] events = [.. document.RootElement.GetProperty("traceEvents").EnumerateArray()];
        JsonElement process = events.Single(item => item.GetProperty("ph").GetString() == "M");
        Assert.That(process.GetProperty("name").GetString(), Is.EqualTo("process_name"));
        Assert.That(process.GetProperty("args").GetProperty("name").GetString(), Does.Contain("CPU:0"));
        JsonElement[] steps = [.. events.Where(item => item.GetProperty("ph").GetString() == "X")];
        Assert.That(steps.Select(item => item.GetProperty("args").GetProperty("name").GetString()), Is.EqualTo(trace.Steps.Select(step => step.Name)));
        Assert.That(steps.Select(item => item.GetProperty("name").GetString()), Is.EqualTo(trace.Steps.Select(step => step.Op)));
        Assert.That(steps.Select(item => item.GetProperty("ts").GetDouble()), Is.EqualTo(trace.Steps.Select(step => step.Start.TotalMicroseconds)).Within(1e-6));
        Assert.That(steps.Select(item => item.GetProperty("dur").GetDouble()), Is.EqualTo(trace.Steps.Select(step => step.Duration.TotalMicroseconds)).Within(1e-6));
        Assert.That(steps.Select(item => (item.GetProperty("pid").GetInt32(), item.GetProperty("tid").GetInt32())), Is.All.EqualTo((process.GetProperty("pid").GetInt32(), 0)));
    }

    [Test]
    public void StepsSideBySideStandInLanesAndDevicesInProcesses()
    {
        using var folder = new TempFolder();
        var trace = new RunTrace();
        trace.Set([Step("a", "cpu", 0, 10), Step("b", "cpu", 5, 10), Step("c", "gpu", 5, 10), Step("d", "cpu", 10, 10)], default, TimeSpan.FromMilliseconds(1));
        trace.WriteChromeTrace(folder["trace.json"]);

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(folder["trace.json"]));
        Assert.That(
            document.RootElement.GetProperty("traceEvents").EnumerateArray().Where(item => item.GetProperty("ph").GetString() == "X")
                .Select(item => (item.GetProperty("args").GetProperty("name").GetString(), item.GetProperty("pid").GetInt32(), item.GetProperty("tid").GetInt32())),
            Is.EquivalentTo(new[] { ("a", 0, 0), ("b", 0, 1), ("d", 0, 0), ("c", 1, 0) }));
    }

    [Test]
    public void TheTableHasTheLongestStepsFirstAndAccountsForTheCall()
    {
        var trace = new RunTrace();
        trace.Set([Step("short", "cpu", 0, 1000), Step("long", "cpu", 1000, 6000), Step("middle", "cpu", 7000, 2000)], default, TimeSpan.FromMilliseconds(10));
        string[] lines = trace.Table(1).TrimEnd('\n').Split('\n');

        Assert.That(lines.Skip(1).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))), Is.EqualTo(new[]
        {
            "6.000 60.0% 4.000 Op long", "3.000 30.0% 8.000 2 other steps", "1.000 10.0% beside the steps", "10.000 100.0% whole call",
        }));
        Assert.That(trace.ToString(), Is.EqualTo(trace.Table()));
    }

    private static TraceStep Step(string name, string device, double start, double length) =>
        new(name, "Op", device, TimeSpan.FromMicroseconds(start), TimeSpan.FromMicroseconds(length), "float32 [1000000]", 4_000_000);
}
