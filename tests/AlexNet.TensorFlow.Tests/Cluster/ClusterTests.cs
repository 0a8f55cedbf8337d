using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>One parameter server and two workers, each a process on the loopback address.</summary>
public class ClusterTests : NeedsTensorFlow
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Test]
    public void AKilledWorkerComesBackAndGoesOnFromTheServersVariables()
    {
        using var folder = new TempFolder();
        string[] addresses = [.. Loopback.FreePorts(3).Select(port => $"127.0.0.1:{port}")];
        File.WriteAllText(folder["cluster.json"], JsonSerializer.Serialize(new Dictionary<string, string[]> { ["ps"] = addresses[..1], ["worker"] = addresses[1..] }));
        var processes = new List<Process>();
        try
        {
            processes.Add(Start(folder, "ps", 0));
            Process first = Start(folder, "worker", 0), second = Start(folder, "worker", 1);
            processes.AddRange([first, second]);
            Until(() => Log(folder, 1).Count >= 5, "the second worker's first steps", processes);
            second.Kill();
            second.WaitForExit();
            int before = Log(folder, 1).Count;
            Process again = Start(folder, "worker", 1);
            processes.Add(again);
            Until(() => Log(folder, 1).Count >= before + 200 && Log(folder, 0).Count > 200, "steps of the worker that came back", [processes[0], first, again]);
            File.WriteAllText(folder[ClusterNode.Stop], "");
            Until(() => first.HasExited && again.HasExited, "the workers' end", [processes[0]]);
            List<(long Step, float Loss)> log0 = Log(folder, 0), log1 = Log(folder, 1);
            Assert.That((first.ExitCode, again.ExitCode), Is.EqualTo((0, 0)));
            Assert.That(log1, Has.Count.GreaterThan(before), "the worker that came back has trained");
            Assert.That(log1[before].Step, Is.GreaterThan(log1[before - 1].Step), "it went on where the servers' variables stood");
            Assert.That(log0[^1].Step, Is.GreaterThan(log0.Count), "both workers' steps are counted in one variable");
            Assert.That(log0.TakeLast(20).Average(line => line.Loss), Is.LessThan(log0.Take(5).Average(line => line.Loss) / 2));
        }
        finally
        {
            foreach (Process process in processes)
            {
                if (!process.HasExited) process.Kill();
                process.Dispose();
            }
        }
    }

    [Test]
    public void AClusterIsCheckedBeforeAnythingStarts()
    {
        using var folder = new TempFolder();
        var cluster = new TensorFlowCluster([new("ps", ["localhost:2222"])]);
        Assert.That(Assert.Throws<AlexNetException>(() => TensorFlowServer.Start(cluster, "worker", 0))!.Message, Does.Contain("worker").And.Contain("ps"));
        Assert.Throws<AlexNetException>(() => TensorFlowServer.Start(cluster, "ps", 1));
        Assert.Throws<AlexNetException>(() => new TensorFlowCluster([new("ps", ["localhost"])]));
        Assert.Throws<AlexNetException>(() => new TensorFlowCluster([]));
        File.WriteAllText(folder["cluster.json"], "[1]");
        Assert.Throws<FileFormatException>(() => TensorFlowCluster.Load(folder["cluster.json"]));
    }

    private static Process Start(TempFolder folder, string job, int task)
    {
        string assembly = System.Reflection.Assembly.GetEntryAssembly()!.Location;
        var start = new ProcessStartInfo(ChildProcess.Host, [assembly, "--filter", $"FullyQualifiedName~{nameof(ClusterNode)}.{nameof(ClusterNode.Run)}", "--no-ansi", "--progress", "off"])
        {
            RedirectStandardOutput = true,
            Environment = { [ClusterNode.Folder] = folder.Path, [ClusterNode.Job] = job, [ClusterNode.TaskNumber] = task.ToString(CultureInfo.InvariantCulture) },
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => TestContext.Progress.WriteLine($"{job} {task}: {line.Data}");
        process.BeginOutputReadLine();
        return process;
    }

    private static List<(long Step, float Loss)> Log(TempFolder folder, int task)
    {
        string file = folder[$"worker{task}.log"];
        if (!File.Exists(file)) return [];
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string[] lines = reader.ReadToEnd().Split('\n');
        return [.. lines[..^1].Select(line => line.Split(' ')).Select(words => (long.Parse(words[0], CultureInfo.InvariantCulture), float.Parse(words[1], CultureInfo.InvariantCulture)))];
    }

    private static void Until(Func<bool> reached, string what, IReadOnlyList<Process> needed)
    {
        var clock = Stopwatch.StartNew();
        while (!reached())
        {
            if (clock.Elapsed > Patience) Assert.Fail($"Waited {Patience} for {what}.");
            if (needed.Any(process => process.HasExited)) Assert.Fail($"A process ended while the test waited for {what}.");
            Thread.Sleep(100);
        }
    }
}
