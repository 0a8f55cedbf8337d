using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace AlexNetTF.Tool;

/// <summary>alexnet weights: the known weight files, fetched and verified.</summary>
internal static class WeightsCommand
{
    public static Command Create()
    {
        var command = new Command("weights", "Lists the known weight files; fetches or verifies one.");
        OutputOptions output = OutputOptions.AddTo(command);
        command.SetAction(parsed => List(output.Read(parsed)));
        command.Add(CreateGet());
        command.Add(CreateVerify());
        return command;
    }

    private static Command CreateGet()
    {
        var command = new Command("get", "Fetches a known file into the user's cache, resumes a broken download, and checks the hash before the file gets its name.");
        var name = new Argument<string>("NAME") { Description = "A name that 'alexnet weights' lists." };
        var folder = new Option<string?>("--output") { Description = "The folder to fetch into; the user's cache if left out." };
        command.Add(name);
        command.Add(folder);
        OutputOptions output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => GetAsync(parsed.GetRequiredValue(name), parsed.GetValue(folder), output.Read(parsed), cancellation));
        return command;
    }

    private static Command CreateVerify()
    {
        var command = new Command("verify", "Compares a file's hash with the known ones.");
        var file = new Argument<string>("FILE") { Description = "The weight file." };
        command.Add(file);
        OutputOptions output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Verify(parsed.GetRequiredValue(file), output.Read(parsed), cancellation)));
        return command;
    }

    private static int List(OutputChoice output)
    {
        if (output.Json)
        {
            Json.Print(new JsonArray([.. KnownWeights.All.Select(ToJson)]));
            return ExitCode.Done;
        }

        Table table = Terminal.Table("name", "network", "hash", "source");
        foreach (KnownWeightFile weights in KnownWeights.All)
        {
            table.AddRow(Markup.Escape(weights.Name), Markup.Escape(weights.Description), Markup.Escape(HashOf(weights)), Markup.Escape(weights.Source.ToString()));
        }

        Terminal.Out.Write(table);
        return ExitCode.Done;
    }

    private static async Task<int> GetAsync(string name, string? folder, OutputChoice output, CancellationToken cancellation)
    {
        var progress = new Progress<WeightDownloadProgress>(state =>
        {
            if (!output.Quiet && Terminal.ShowsProgress) Console.Error.Write($"\r{state.Source}: {state.Received / 1e6:F1} of {state.Total / 1e6:F1} MB ");
        });
        string file = await KnownWeights.EnsureAsync(name, folder ?? KnownWeights.CacheFolder, progress, cancellation);
        if (output.Json) Json.Print(new JsonObject { ["file"] = file, ["sha256"] = KnownWeights.Verify(file, cancellation).Hashes.Sha256 });
        else Console.Out.WriteLine(file);
        return ExitCode.Done;
    }

    private static int Verify(string path, OutputChoice output, CancellationToken cancellation)
    {
        WeightVerification result = KnownWeights.Verify(path, cancellation);
        if (output.Json)
        {
            Json.Print(new JsonObject
            {
                ["file"] = path,
                ["kind"] = result.Kind,
                ["known"] = result.Known?.Name,
                ["sha256"] = result.Hashes.Sha256,
                ["ok"] = result.Ok,
            });
        }
        else
        {
            Console.Out.WriteLine($"{path}: {result.Kind ?? "no weight file that is known here"}");
            Console.Out.WriteLine($"  sha256 {result.Hashes.Sha256}");
            Console.Out.WriteLine(result.Known is { } known ? $"  is {known.Name}" : "  is none of the known files");
        }

        return result.Ok ? ExitCode.Done : ExitCode.Failed;
    }

    private static string HashOf(KnownWeightFile weights) =>
        weights.Sha256 is { } sha256 ? $"sha256 {sha256}" : weights.Sha1 is { } sha1 ? $"sha1 {sha1}" : "";

    private static JsonObject ToJson(KnownWeightFile weights) => new()
    {
        ["name"] = weights.Name,
        ["description"] = weights.Description,
        ["sha256"] = weights.Sha256,
        ["sha1"] = weights.Sha1,
        ["source"] = weights.Source.ToString(),
        ["remark"] = weights.Remark,
    };
}
