using System.Runtime.InteropServices;
using AlexNetTF.Testing;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Finding the native library: places, order, messages. No library is needed.</summary>
public partial class LibraryTests
{
    [Test]
    public void APathThatIsSetIsTheOnlyPlace()
    {
        IReadOnlyList<LibraryCandidate> candidates = LibrarySearch.Candidates("/nowhere/libtensorflow.so", "/elsewhere");
        Assert.That(candidates, Is.EqualTo(new[] { new LibraryCandidate(Path.GetFullPath("/nowhere/libtensorflow.so"), "TensorFlowLibrary.Path") }));
    }

    [Test]
    public void TheVariableMayNameAFolder()
    {
        using var folder = new TempFolder();
        IReadOnlyList<LibraryCandidate> candidates = LibrarySearch.Candidates(null, folder.Path);
        Assert.That(candidates.Select(candidate => candidate.File), Is.EqualTo(LibrarySearch.FileNames.Select(name => Path.Combine(folder.Path, name))));
        Assert.That(candidates.Select(candidate => candidate.Source), Is.All.EqualTo(LibrarySearch.Variable));
    }

    [Test]
    public void WithoutBothTheApplicationsFoldersComeBeforeTheSystem()
    {
        IReadOnlyList<LibraryCandidate> candidates = LibrarySearch.Candidates(null, "");
        int firstBare = candidates.TakeWhile(candidate => !candidate.IsBareName).Count();
        Assert.That(candidates.Skip(firstBare).Select(candidate => candidate.File), Is.EqualTo(LibrarySearch.FileNames));
        Assert.That(candidates.Take(firstBare).Select(candidate => Path.GetDirectoryName(candidate.File)), Does.Contain(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        Assert.That(candidates.Take(firstBare).Select(candidate => candidate.File), Has.Some.Contains(Path.Combine("runtimes", "")).And.Some.Contains("native"));
    }

    [Test]
    public void NothingFoundNamesWhatWasTriedAndThePackages()
    {
        using var folder = new TempFolder();
        Assert.That(LoadedLibrary.Load(LibrarySearch.Candidates(null, folder.Path), false, out string problem), Is.Null);
        Assert.That(problem, Does.Contain(folder.Path).And.Contain("SciSharp.TensorFlow.Redist").And.Contain(LibrarySearch.Variable).And.Contain("TensorFlowLibrary.Path"));
    }

    [Test]
    public void AFileThatIsNoLibraryIsSkippedWithTheReason()
    {
        using var folder = new TempFolder();
        string file = folder[LibrarySearch.FileNames[0]];
        File.WriteAllText(file, "no library");
        Assert.That(LoadedLibrary.Load(LibrarySearch.Candidates(file, null), false, out string problem), Is.Null);
        Assert.That(problem, Does.Contain(file).And.Not.Contain("no such file"));
    }

    [Test]
    public void ALibraryOfSomethingElseIsRefused()
    {
        string file = Directory.EnumerateFiles(AppContext.BaseDirectory, "libSkiaSharp.*", SearchOption.AllDirectories).FirstOrDefault() ?? "";
        if (file.Length == 0) Assert.Ignore("No native library lies beside the tests.");
        Assert.That(LoadedLibrary.Load(LibrarySearch.Candidates(file, null), false, out string problem), Is.Null);
        Assert.That(problem, Does.Contain("TF_Version").Or.Contain(file));
    }

    [TestCase("2.4.0", true)]
    [TestCase("2.10.1", true)]
    [TestCase("2.21.0-rc1", true)]
    [TestCase("3.0", true)]
    [TestCase("2.3.4", false)]
    [TestCase("1.15.5", false)]
    [TestCase("", false)]
    public void VersionsFromTwoPointFourOn(string version, bool enough) => Assert.That(LoadedLibrary.IsNewEnough(version), Is.EqualTo(enough));

    [Test]
    public void OneDnnIsChosenBeforeTheLibraryIsLoaded()
    {
        if (!TensorFlowLibrary.IsAvailable(out string problem)) Assert.Ignore(problem);
        TensorFlowLibrary.UsesOneDnn = TensorFlowLibrary.UsesOneDnn;
        AlexNetException? error = Assert.Throws<AlexNetException>(() => TensorFlowLibrary.UsesOneDnn = !TensorFlowLibrary.UsesOneDnn);
        Assert.That(error!.Message, Does.Contain(TensorFlowLibrary.File).And.Contain("before"));
        Assert.That(TensorFlowLibrary.UsesOneDnn, Is.False);
    }

    [Test]
    public void WhatIsChosenForTheLibraryIsNotHandedToOtherProcesses()
    {
        const string Variable = "TF_ENABLE_ONEDNN_OPTS";
        if (!ChildProcess.IsChild)
        {
            TestTotals totals = ChildProcess.RunTests($"FullyQualifiedName~{nameof(WhatIsChosenForTheLibraryIsNotHandedToOtherProcesses)}", new Dictionary<string, string?> { [Variable] = null });
            Assert.That((totals.Passed, totals.Failed), Is.EqualTo((1, 0)), totals.Output);
            return;
        }

        if (OperatingSystem.IsWindows()) Assert.Ignore("There is one environment here.");
        using var folder = new TempFolder();
        Assert.That(LoadedLibrary.Load(LibrarySearch.Candidates(null, folder.Path), false, out _), Is.Null);
        Assert.That((Environment.GetEnvironmentVariable(Variable), Native(Variable)), Is.EqualTo(((string?)null, "0")));

        // The first try did not find a library: the choice may still change.
        Assert.That(LoadedLibrary.Load(LibrarySearch.Candidates(null, folder.Path), true, out _), Is.Null);
        Assert.That(Native(Variable), Is.EqualTo("1"));
    }

    [Test]
    public void ASessionWithoutTheLibraryIsAnErrorOfThisLibrary()
    {
        if (ChildProcess.IsChild)
        {
            AlexNetException? error = Assert.Throws<AlexNetException>(() => new Session(new Graph(), new SessionOptions { Engine = Engine.TensorFlow }).Dispose());
            Assert.That(error!.Message, Does.Contain("/nowhere/at/all"));
            return;
        }

        TestTotals totals = ChildProcess.RunTests($"FullyQualifiedName~{nameof(ASessionWithoutTheLibraryIsAnErrorOfThisLibrary)}", new Dictionary<string, string?> { [LibrarySearch.Variable] = "/nowhere/at/all" });
        Assert.That((totals.Passed, totals.Failed), Is.EqualTo((1, 0)), totals.Output);
    }

    private static string? Native(string name) => Marshal.PtrToStringUTF8(GetVariable(name));

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetVariable(string name);
}
