using System.Globalization;
using System.Text;

namespace AlexNetTF.Execution;

/// <summary>A program in words, one step a line: what stands in the golden files of plans.</summary>
internal static class PlanText
{
    /// <summary>Feeds, then steps with their inputs, outputs and places in the arena, then fetches and the arena's size.</summary>
    public static string Of(Program program)
    {
        var names = new Dictionary<PlanValue, string>();
        var text = new StringBuilder();
        foreach (Step step in program.Steps) Name(step.Node, names);
        foreach (Step step in program.Steps) text.Append(Line(step, program.Memory, names)).Append('\n');
        foreach (PlanValue value in program.Fetched) text.Append(CultureInfo.InvariantCulture, $"fetch {NameOf(value, names)}\n");
        text.Append(CultureInfo.InvariantCulture, $"arena {program.Memory.ArenaBytes} bytes\n");
        return text.ToString();
    }

    private static void Name(PlanNode node, Dictionary<PlanValue, string> names)
    {
        for (int i = 0; i < node.Outputs.Count; i++) names[node.Outputs[i]] = node.Outputs.Count == 1 ? node.Name : $"{node.Name}:{i}";
    }

    private static string Line(Step step, MemoryPlan memory, Dictionary<PlanValue, string> names)
    {
        PlanNode node = step.Node;
        string inputs = string.Join(", ", node.Inputs.Select(input => NameOf(input, names)));
        string outputs = string.Join(", ", node.Outputs.Select(output => $"{output.Info}{PlaceOf(output, memory)}"));
        string controls = node.Controls.Count == 0 ? "" : " after " + string.Join(", ", node.Controls.Select(control => control.Name));
        return $"{node.Def.Type} {node.Name} ({inputs}){(outputs.Length > 0 ? " = " + outputs : "")}{controls}";
    }

    private static string PlaceOf(PlanValue value, MemoryPlan memory) => memory.StorageOf(value.Slot) switch
    {
        Storage.Arena => $" @{memory.OffsetOf(value.Slot).ToString(CultureInfo.InvariantCulture)}",
        Storage.Variable => $" in {memory.OwnerOf(value.Slot).Variable!.Variable.Name}",
        Storage.Feed => " in a feed",
        _ => " in a constant",
    };

    private static string NameOf(PlanValue value, Dictionary<PlanValue, string> names)
    {
        if (names.TryGetValue(value, out string? name)) return name;
        if (value.Variable is { } variable) return variable.Variable.Name;
        return value.Source is { } source ? source.Op.Name : "constant";
    }
}
