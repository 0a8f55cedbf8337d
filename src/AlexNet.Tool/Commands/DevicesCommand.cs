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
        IReadOnlyList<TensorFlowDevice> devices = TensorFlowDevices(out string problem);
        if (output.Json)
        {
            Json.Print(new JsonObject { ["engines"] = new JsonArray(Managed(architecture, width), TensorFlow(devices, problem)) });
            return ExitCode.Done;
        }

        Table table = Terminal.Table("engine", "available", "device");
        table.AddRow("managed", "yes", Markup.Escape($"CPU ({architecture}), {Environment.ProcessorCount} cores, vectors of {width} bits"));
        table.AddRow("tensorflow", problem.Length > 0 ? "no" : $"yes, {Markup.Escape(TensorFlowLibrary.Version)}", Markup.Escape(problem.Length > 0 ? problem : Names(devices)));
        Terminal.Out.Write(table);
        return ExitCode.Done;
    }

    private static IReadOnlyList<TensorFlowDevice> TensorFlowDevices(out string problem)
    {
        if (!TensorFlowLibrary.IsAvailable(out problem)) return [];
        try
        {
            return TensorFlowLibrary.GetDevices();
        }
        catch (AlexNetException error)
        {
            problem = error.Message;
            return [];
        }
    }

    private static string Names(IReadOnlyList<TensorFlowDevice> devices) =>
        string.Join(Environment.NewLine, devices.Select(device => $"{device.Name} ({device.MemoryBytes >> 20} MiB)"));

    private static JsonObject Managed(string architecture, int width) => new()
    {
        ["name"] = "managed",
        ["available"] = true,
        ["device"] = "cpu",
        ["architecture"] = architecture,
        ["cores"] = Environment.ProcessorCount,
        ["vectorBits"] = width,
    };

    private static JsonObject TensorFlow(IReadOnlyList<TensorFlowDevice> devices, string problem)
    {
        if (problem.Length > 0) return new JsonObject { ["name"] = "tensorflow", ["available"] = false, ["problem"] = problem };
        return new JsonObject
        {
            ["name"] = "tensorflow",
            ["available"] = true,
            ["version"] = TensorFlowLibrary.Version,
            ["file"] = TensorFlowLibrary.File,
            ["devices"] = new JsonArray([.. devices.Select(device => (JsonNode)new JsonObject { ["name"] = device.Name, ["type"] = device.Type, ["memoryBytes"] = device.MemoryBytes })]),
        };
    }
}
