using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AlexNetTF.FineTuning;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>Two parameter servers and two workers, each a process on the loopback address.</summary>
public class ClusterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly List<Process> running = [];
    private TempFolder folder = null!;
    private string[] addresses = [];

    [SetUp]
    public void WriteCluster()
    {
        folder = new TempFolder();
        addresses = [.. Loopback.FreePorts(4).Select(port => $"127.0.0.1:{port}")];
        File.WriteAllText(folder[ClusterNode.ClusterFile], JsonSerializer.Serialize(new Dictionary<string, string[]> { ["ps"] = addresses[..2], ["worker"] = addresses[2..] }));
    }

    [TearDown]
    public void End()
    {
        foreach (Process process in running)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        running.Clear();
        folder.Dispose();
    }

    [Test]
    public void WhatTrainsIsSpreadOverTheServersInTurnAndSlotsStandBesideTheirVariable()
    {
        FineTunerOptions options = SmallRun.Options("none") with { Optimizer = OptimizerKind.Adam };
        using var network = new TrainingNetwork(options, Topology.Article, 10, 1, new ClusterPlacement(1, 3, options.TrainLayers));
        string[] devices = [.. network.Trained.Append(network.Step).Select(variable => variable.Op.Device)];

        Assert.Multiple(() =>
        {
            Assert.That(devices, Is.EqualTo((string[])["/job:ps/task:0", "/job:ps/task:1", "/job:ps/task:2", "/job:ps/task:0", "/job:ps/task:1"]), "weights, biases, weights, biases, step");
            Assert.That(network.Frozen.Select(variable => variable.Op.Device), Is.All.EqualTo("/job:worker/task:1"));
            Assert.That(network.State, Is.Not.Empty);
            foreach (Variable slot in network.State)
            {
                Variable? primary = network.Trained.FirstOrDefault(variable => slot.Op.Name.StartsWith(variable.Op.Name + "/", StringComparison.Ordinal));
                if (primary is not null) Assert.That(slot.Op.Device, Is.EqualTo(primary.Op.Device), slot.Op.Name);
            }
        });
    }

    [Test]
    public async Task ALostServerEndsEveryWorkerAndTheRunGoesOnFromItsCheckpoint()
    {
        RequireTensorFlow();
        string run = ClusterNode.Output(folder.Path, 0);
        Start("ps", 0);
        Process lost = Start("ps", 1), chief = Start("worker", 0), worker = Start("worker", 1);
        await UntilAsync(() => EpochsIn(run) >= 3, "the chief's first epochs", chief, worker, lost);
        lost.Kill();
        await UntilAsync(() => chief.HasExited && worker.HasExited, "the workers' end");
        Assert.Multiple(() =>
        {
            foreach (int task in (int[])[0, 1])
            {
                string said = File.ReadAllText(ClusterNode.Outcome(folder.Path, task));
                Assert.That(said, Does.StartWith(nameof(FineTuningException)).And.Contain("Parameter server 1").And.Contain(addresses[1]).And.Contain("--job ps").And.Contain("--resume"));
            }

            Assert.That(Directory.Exists(ClusterNode.Output(folder.Path, 1)), Is.False, "only the chief writes");
        });

        long saved = CheckpointFolder.Open(run, CheckpointIndex.Read(run)!.Last).State.Step;
        int before = EpochsIn(run);
        Process again = Start("ps", 1), follower = Start("worker", 1), leader = Start("worker", 0, ClusterNode.Resume);
        await UntilAsync(() => EpochsIn(run) >= before + 2, "epochs of the resumed run", again, follower, leader);
        File.WriteAllText(folder[ClusterNode.Stop], "");
        await UntilAsync(() => leader.HasExited && follower.HasExited, "the workers' end");
        string end = File.ReadAllText(ClusterNode.Outcome(folder.Path, 0));
        Assert.That(end, Does.Contain("Canceled"), end);
        Assert.That(CheckpointFolder.Open(run, CheckpointIndex.Read(run)!.Last).State.Step, Is.GreaterThan(saved), "the step went on from the checkpoint's");
        Assert.That(before, Is.LessThan(EpochsIn(run)));
    }

    [Test]
    public async Task PatienceEndsAllWorkersAndTheChiefsCheckpointIsTensorFlowsToo()
    {
        RequireTensorFlow();
        string run = ClusterNode.Output(folder.Path, 0);
        Start("ps", 0);
        Start("ps", 1);
        Process chief = Start("worker", 0, ClusterNode.Patient), worker = Start("worker", 1, ClusterNode.Patient);
        await UntilAsync(() => chief.HasExited && worker.HasExited, "the workers' end");
        string[] leads = File.ReadAllText(ClusterNode.Outcome(folder.Path, 0)).Split(' '), follows = File.ReadAllText(ClusterNode.Outcome(folder.Path, 1)).Split(' ');
        Assert.That((leads[0], follows[0]), Is.EqualTo(("ended", "ended")), string.Join(' ', [.. leads, .. follows]));
        Assert.That(leads[3], Is.EqualTo("True"), "ended by patience");

        string checkpoint = Path.Combine(run, CheckpointIndex.Folder, CheckpointIndex.Read(run)!.Last);
        FineTunerOptions options = SmallRun.Options(run);
        using var own = new TrainingNetwork(options with { Optimizer = OptimizerKind.Sgd }, Topology.Article, SmallRun.Data().Classes, 1);
        new Saver(own.Parameters, graph: own.Graph).Restore(own.Session, checkpoint);
        float[] theirs = [.. own.Trained.SelectMany(Values)];
        CheckpointFolder.Open(run, CheckpointIndex.Read(run)!.Last).LoadInto(own.Session, own.Trained);
        Assert.That(theirs, Is.EqualTo(own.Trained.SelectMany(Values)));
        Assert.That(theirs, Has.Some.Not.Zero);

        float[] Values(Variable variable) => own.Session.Run(variable.Value).ToArray<float>();
    }

    [Test]
    public void OnlyTheChiefResumes()
    {
        var cluster = new TensorFlowCluster([new("ps", ["127.0.0.1:1"]), new("worker", ["127.0.0.1:2", "127.0.0.1:3"])]);
        FineTuningException other = Assert.Throws<FineTuningException>(() => ClusterFineTuner.ResumeAsync(folder.Path, new ClusterTask(cluster, 1)))!;
        FineTuningException empty = Assert.Throws<FineTuningException>(() => ClusterFineTuner.ResumeAsync(folder.Path, new ClusterTask(cluster, 0)))!;
        AlexNetException none = Assert.Throws<AlexNetException>(() => new ClusterFineTuner(SmallRun.Options("none") with { Session = new SessionOptions { Engine = Engine.TensorFlow } }, new ClusterTask(new TensorFlowCluster([new("worker", ["127.0.0.1:2"])]), 0)))!;
        Assert.Multiple(() =>
        {
            Assert.That(other.Message, Does.Contain("Only worker 0").And.Contain("with the command that it had"));
            Assert.That(empty.Message, Does.Contain("no checkpoint"));
            Assert.That(none.Message, Does.Contain("no task of job 'ps'"));
        });
    }

    private static void RequireTensorFlow()
    {
        if (!TensorFlowLibrary.IsAvailable(out string problem)) Assert.Ignore(problem);
    }

    private Process Start(string job, int task, string way = "")
    {
        string assembly = System.Reflection.Assembly.GetExecutingAssembly().Location;
        var start = new ProcessStartInfo(ChildProcess.Host, [assembly, "--filter", $"FullyQualifiedName~{nameof(ClusterNode)}.{nameof(ClusterNode.Run)}", "--no-ansi", "--progress", "off"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                [ClusterNode.Folder] = folder.Path,
                [ClusterNode.Job] = job,
                [ClusterNode.TaskNumber] = task.ToString(CultureInfo.InvariantCulture),
                [ClusterNode.Way] = way,
            },
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => TestContext.Progress.WriteLine($"{job} {task}: {line.Data}");
        process.ErrorDataReceived += (_, line) => TestContext.Progress.WriteLine($"{job} {task}: {line.Data}");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        running.Add(process);
        return process;
    }

    private static int EpochsIn(string run)
    {
        string path = Path.Combine(run, MetricsLog.CsvFile);
        if (!File.Exists(path)) return 0;
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Count(c => c == '\n') - 1;
    }

    private static async Task UntilAsync(Func<bool> reached, string what, params Process[] needed)
    {
        var clock = Stopwatch.StartNew();
        while (!reached())
        {
            if (clock.Elapsed > Limit) Assert.Fail($"Waited {Limit} for {what}.");
            if (needed.Any(process => process.HasExited)) Assert.Fail($"A process ended while the test waited for {what}.");
            await Task.Delay(50);
        }
    }
}
