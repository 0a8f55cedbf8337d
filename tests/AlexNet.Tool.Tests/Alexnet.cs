using System.Diagnostics;
using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tool.Tests;

/// <summary>The tool as a process of its own, as a shell runs it.</summary>
internal static class Alexnet
{
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "alexnet.dll");

    public static ChildResult Run(params string[] arguments) => ChildProcess.Run(ChildProcess.Host, [Assembly, .. arguments], timeout: TimeSpan.FromMinutes(5));

    public static ChildResult RunWith(string input, params string[] arguments) => ChildProcess.Run(ChildProcess.Host, [Assembly, .. arguments], input: input);

    /// <summary>The tool while it runs; both of its outputs must be read.</summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(ChildProcess.Host, [Assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>The one document on standard output.</summary>
    public static JsonElement Json(this ChildResult result)
    {
        Assert.That(result.Output.TrimStart(), Does.StartWith("{").Or.StartWith("["), result.All);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    public static string Sample(string path) => Path.Combine(Golden.Repository, "samples", path);
}
