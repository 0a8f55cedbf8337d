using System.Globalization;
using AlexNetTF.FineTuning;

namespace AlexNetTF.Tests;

/// <summary>One process of the cluster that <see cref="ClusterTests"/> starts: a parameter server, or a worker that trains <see cref="SmallRun"/>'s network.</summary>
public class ClusterNode
{
    public const string Folder = "ALEXNET_TEST_CLUSTER", Job = "ALEXNET_TEST_JOB", TaskNumber = "ALEXNET_TEST_TASK", Way = "ALEXNET_TEST_WAY";
    public const string Resume = "resume", Patient = "patient";
    public const string ClusterFile = "cluster.json", Stop = "stop";

    /// <summary>A run's own folder.</summary>
    public static string Output(string folder, int task) => Path.Combine(folder, $"run{task}");

    /// <summary>Where a worker says how it ended.</summary>
    public static string Outcome(string folder, int task) => Path.Combine(folder, $"worker{task}.txt");

    [Test]
    [Category("Child")]
    public async Task Run()
    {
        if (Environment.GetEnvironmentVariable(Folder) is not { Length: > 0 } folder)
        {
            Assert.Ignore("This is what a process of a cluster runs.");
            return;
        }

        string job = Environment.GetEnvironmentVariable(Job)!;
        int task = int.Parse(Environment.GetEnvironmentVariable(TaskNumber)!, CultureInfo.InvariantCulture);
        var cluster = TensorFlowCluster.Load(Path.Combine(folder, ClusterFile));
        if (job == "ps") TensorFlowServer.Start(cluster, job, task).Join();
        else await File.WriteAllTextAsync(Outcome(folder, task), await WorkAsync(folder, new ClusterTask(cluster, task) { Patience = TimeSpan.FromMinutes(2) }));
    }

    private static async Task<string> WorkAsync(string folder, ClusterTask task)
    {
        using var stop = new CancellationTokenSource();
        string way = Environment.GetEnvironmentVariable(Way) ?? "";
        FineTunerOptions options = SmallRun.Options(Output(folder, task.Worker)) with { Session = Session, Epochs = 1_000_000 };
        // No epoch is better than the first: nothing moves.
        if (way == Patient) options = options with { Optimizer = OptimizerKind.Sgd, LearningRate = 1e-30f, Patience = 2, CheckpointFormat = CheckpointKind.TensorFlow };
        var progress = new DirectProgress(_ =>
        {
            if (File.Exists(Path.Combine(folder, Stop))) stop.Cancel();
        });
        try
        {
            ClusterResult result = way == Resume
                ? await ClusterFineTuner.ResumeAsync(options.Output, task, read => read with { Network = SmallRun.Network, Session = Session }, progress, stop.Token)
                : await new ClusterFineTuner(options, task).RunAsync(SmallRun.Data(), SmallRun.Data("test", 2), progress, stop.Token);
            return $"ended {result.Steps} {result.GlobalStep} {result.Run?.StoppedEarly} {result.Run?.Epochs.Count}";
        }
        catch (Exception error) when (error is AlexNetException or OperationCanceledException)
        {
            return $"{error.GetType().Name} {error.Message}";
        }
    }

    private static SessionOptions Session => new() { Engine = Engine.TensorFlow, Threads = 1 };
}
