using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace AlexNetTF.Tool;

/// <summary>alexnet weights: the known weight files.</summary>
internal static class WeightsCommand
{
    public static Command Create()
    {
        var command = new Command("weights", "Lists the known weight files; verifies one that you have.");
        OutputOptions output = OutputOptions.AddTo(command);
        command.SetAction(parsed => List(output.Read(parsed)));
        command.Add(CreateVerify());
        return command;
    }

    private static Command CreateVerify()
    {
        var command = new Command("verify", "Compares a file's hash with the known ones.");
        var file = new Argument<string>("FILE") { Description = "The weight file." };
        command.Add(file);
        OutputOptions output = OutputOptions.AddTo(command);
        command.SetAction(parsed => Verify(parsed.GetRequiredValue(file), output.Read(parsed)));
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
        foreach (KnownWeight weight in KnownWeights.All)
        {
            table.AddRow(Markup.Escape(weight.Name), Markup.Escape(weight.Description), Markup.Escape(weight.Hash), Markup.Escape(weight.Source));
        }

        Terminal.Out.Write(table);
        return ExitCode.Done;
    }

    private static int Verify(string path, OutputChoice output)
    {
        WeightVerification result = KnownWeights.Verify(path);
        if (output.Json)
        {
            Json.Print(new JsonObject
            {
                ["file"] = path,
                ["kind"] = result.Kind,
                ["known"] = result.Known?.Name,
                ["sha256"] = result.Sha256,
                ["ok"] = result.Ok,
            });
        }
        else
        {
            Console.Out.WriteLine($"{path}: {result.Kind}");
            Console.Out.WriteLine($"  sha256 {result.Sha256}");
            Console.Out.WriteLine(result.Known is { } known ? $"  is {known.Name}" : "  is none of the known files");
        }

        return result.Ok ? ExitCode.Done : ExitCode.Failed;
    }

    private static JsonObject ToJson(KnownWeight weight) => new()
    {
        ["name"] = weight.Name,
        ["description"] = weight.Description,
        ["hash"] = weight.Hash,
        ["source"] = weight.Source,
    };
}
