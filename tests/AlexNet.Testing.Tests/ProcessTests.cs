using System.Runtime.Intrinsics;

namespace AlexNetTF.Testing.Tests;

[TestFixture]
public class ProcessTests
{
    [Test]
    public void A_program_gives_exit_code_and_both_streams()
    {
        ChildResult result = ChildProcess.Run(ChildProcess.Host, ["--version"]);
        Assert.That(result.ExitCode, Is.Zero, result.All);
        Assert.That(result.Output.Trim(), Does.Match(@"^\d+\.\d+\.\d+"));
        Assert.That(ChildProcess.Run(ChildProcess.Host, ["no-such-command"]).ExitCode, Is.Not.Zero);
    }

    [Test]
    public void Tests_run_again_under_another_environment()
    {
        if (ChildProcess.IsChild)
            return;
        Dictionary<string, string?> scalar = new() { ["DOTNET_EnableHWIntrinsic"] = "0" };
        TestTotals totals = ChildProcess.RunTests($"FullyQualifiedName~{nameof(Vectors_are_as_the_environment_says)}", scalar);
        Assert.That(totals.Passed, Is.EqualTo(1), totals.Output);
        Assert.That(totals.Failed, Is.Zero, totals.Output);
        Assert.That(ChildProcess.RunTests("FullyQualifiedName~NoSuchTest", scalar).Passed, Is.Zero);
    }

    [Test]
    public void Vectors_are_as_the_environment_says()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") == "0")
            Assert.That(Vector256.IsHardwareAccelerated, Is.False);
        else
            Assert.That(Vector128.IsHardwareAccelerated);
    }

    [Test]
    public void A_temporary_folder_goes_with_its_owner()
    {
        string path;
        using (var folder = new TempFolder())
        {
            path = folder.Path;
            File.WriteAllText(folder["a/b.txt"], "x");
            Assert.That(File.Exists(Path.Combine(path, "a", "b.txt")));
        }

        Assert.That(Directory.Exists(path), Is.False);
    }

    [Test]
    public void Allocations_are_counted_per_call()
    {
        object? keep = null;
        Assert.That(AllocationMeter.PerCall(() => keep = new byte[10_000]).Thread, Is.InRange(10_000, 10_100));
        Assert.That(AllocationMeter.PerCall(() => GC.KeepAlive(keep)).Thread, Is.Zero);
        long other = AllocationMeter.PerCall(() => Task.Run(() => keep = new byte[50_000]).Wait()).Process;
        Assert.That(other, Is.GreaterThanOrEqualTo(50_000));
    }
}
