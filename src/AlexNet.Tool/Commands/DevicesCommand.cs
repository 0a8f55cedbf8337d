using System.CommandLine;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace AlexNetTF.Tool;

/// <summary>alexnet devices: what can compute here.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var command = new Command("devices", "Shows the engines, the vector width in use, and why something is not available.");
        OutputOptions output = OutputOptions.AddTo(command);
        command.SetAction(parsed => Run(output.Read(parsed)));
        return command;
    }

    private static int Run(OutputChoice output)
    {
        int width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        string architecture = RuntimeInformation.ProcessArchitecture.ToString();
        if (output.Json)
        {
            Json.Print(new JsonObject
            {
                ["engines"] = new JsonArray(new JsonObject
                {
                    ["name"] = "managed",
                    ["available"] = true,
                    ["device"] = "cpu",
                    ["architecture"] = architecture,
                    ["cores"] = Environment.ProcessorCount,
                    ["vectorBits"] = width,
                }),
            });
            return ExitCode.Done;
        }

        Table table = Terminal.Table("engine", "available", "device");
        table.AddRow("managed", "yes", Markup.Escape($"CPU ({architecture}), {Environment.ProcessorCount} cores, vectors of {width} bits"));
        Terminal.Out.Write(table);
        return ExitCode.Done;
    }
}
