using System.Reflection;
using AlexNetTF.FineTuning;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>A run on a full disk, which a limit of the size of files stands for, ends with an error that names the last checkpoint, and goes on from it.</summary>
public class DiskFullTests
{
    private const string Folder = "ALEXNET_TEST_FULL_RUN";
    private const string Events = "ALEXNET_TEST_FULL_RUN_EVENTS";

    // The metrics grow beyond the limit long after the first checkpoint, the event file with its graph at once.
    [Test]
    public async Task ARunGoesOnFromTheLastCheckpoint([Values] bool events)
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("There is no such limit here.");
        using var folder = new TempFolder();
        await SmallRun.RunAsync(Options(folder["whole"], events));
        string run = folder["run"];
        // Its memory for code counts as a file, unless that is writable too.
        var environment = new Dictionary<string, string?> { [Folder] = run, [Events] = events ? "1" : null, ["DOTNET_EnableWriteXorExecute"] = "0" };
        string filter = $"FullyQualifiedName~{nameof(DiskFullTests)}.{nameof(Child)}";
        ChildResult result = ChildProcess.Run(
            "bash", ["-c", "trap '' XFSZ; ulimit -f 48; exec \"$@\"", "bash", ChildProcess.Host, Assembly.GetExecutingAssembly().Location, "--filter", filter], environment);

        Assert.That(result.ExitCode, Is.Zero, result.All);
        CheckpointIndex index = CheckpointIndex.Read(run)!;
        Assert.That(index.Last == "step-00000000", Is.EqualTo(events), index.Last);
        await SmallRun.ResumeAsync(run);
        Assert.That(SmallRun.Outcome(run), Is.EqualTo(SmallRun.Outcome(folder["whole"])));
    }

    /// <summary>What the child process does: runs until a file cannot grow.</summary>
    [Test]
    [Category("Child")]
    public async Task Child()
    {
        string? folder = Environment.GetEnvironmentVariable(Folder);
        if (folder is null) Assert.Ignore("This is what the process with the limit runs.");
        bool events = Environment.GetEnvironmentVariable(Events) == "1";
        FineTuningException error = (await Assert.ThrowsAsync<FineTuningException>(() => SmallRun.RunAsync(Options(folder, events))))!;
        CheckpointIndex index = CheckpointIndex.Read(folder)!;
        Assert.That(error.Message, Does.Contain("cannot be written").And.Contain(folder));
        if (!events) Assert.That(error.Message, Does.Contain(index.Last), "the checkpoint to go on from");
    }

    private static FineTunerOptions Options(string folder, bool events) => SmallRun.Options(folder) with { Epochs = 130, KeepProb = 0.5f, TensorBoard = events };
}
