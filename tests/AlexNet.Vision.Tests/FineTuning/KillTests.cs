using System.Diagnostics;
using System.Reflection;
using AlexNetTF.FineTuning;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>A run whose process is killed, again and again, ends with the bits of one that was not.</summary>
public class KillTests
{
    private const string Folder = "ALEXNET_TEST_RUN";

    [Test]
    public Task ThreeKills() => KillAsync(3);

    [Test]
    [Explicit]
    [Category("Long")]
    public Task TwentyKills() => KillAsync(20);

    /// <summary>What the child process does: starts the run of the folder, or goes on with it.</summary>
    [Test]
    [Category("Child")]
    public async Task Child()
    {
        string? folder = Environment.GetEnvironmentVariable(Folder);
        if (folder is null) Assert.Ignore("This is what the process to be killed runs.");
        if (CheckpointIndex.Read(folder) is null) await SmallRun.RunAsync(Options(folder));
        else await SmallRun.ResumeAsync(folder);
        Assert.That(CheckpointIndex.Read(folder), Is.Not.Null);
    }

    private static FineTunerOptions Options(string folder) => SmallRun.Options(folder) with { KeepProb = 0.5f, Epochs = 12, CheckpointEvery = 2, Augmentation = Augmentation.Article };

    private static async Task KillAsync(int kills)
    {
        using var folder = new TempFolder();
        await SmallRun.RunAsync(Options(folder["whole"]));
        string run = folder["killed"];
        long steps = 12 * 5;
        var random = new Random(20);
        int killed = 0;
        for (int kill = 1; kill <= kills; kill++)
        {
            using Process child = Start(run);
            long target = steps * kill / (kills + 1);
            while (!child.HasExited && StepsIn(run) < target) await Task.Delay(1);
            await Task.Delay(random.Next(12));
            if (!child.HasExited) killed++;
            child.Kill();
            await child.WaitForExitAsync();
        }

        if (CheckpointIndex.Read(run) is null) await SmallRun.RunAsync(Options(run));
        else await SmallRun.ResumeAsync(run);
        Assert.Multiple(() =>
        {
            Assert.That(killed, Is.GreaterThanOrEqualTo(1), "the child ended before it was killed");
            Assert.That(SmallRun.Outcome(run), Is.EqualTo(SmallRun.Outcome(folder["whole"])));
        });
    }

    private static Process Start(string run)
    {
        var start = new ProcessStartInfo(ChildProcess.Host, [Assembly.GetExecutingAssembly().Location, "--filter", $"FullyQualifiedName~{nameof(KillTests)}.{nameof(Child)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Folder] = run;
        Process process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static long StepsIn(string run)
    {
        string path = Path.Combine(run, MetricsLog.JsonlFile);
        try
        {
            return File.Exists(path) ? File.ReadLines(path).Count(line => line.Contains("\"step\",", StringComparison.Ordinal)) : 0;
        }
        catch (IOException)
        {
            // The file is being replaced.
            return 0;
        }
    }
}
