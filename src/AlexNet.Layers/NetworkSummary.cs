using System.Globalization;
using System.Text;

namespace AlexNetTF;

/// <summary>One layer of a network in numbers.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Op">The op that gives it its kind: Conv2D, MaxPool, LRN or MatMul.</param>
/// <param name="Input">The shape that it reads.</param>
/// <param name="Output">The shape that it gives.</param>
/// <param name="Padding">How the border is padded, "" where the layer has none.</param>
/// <param name="Parameters">The number of weights and biases.</param>
/// <param name="MultiplyAdds">Multiplications with addition for one picture; only convolutions and fully connected layers count.</param>
public sealed record LayerSummary(string Name, string Op, Shape Input, Shape Output, string Padding, long Parameters, long MultiplyAdds);

internal static class NetworkSummary
{
    private static readonly string[] Kinds = ["Conv2D", "MatMul", "MaxPool", "LRN"];

    public static LayerSummary Of(string name, Tensor result)
    {
        Operation op = KindOf(result.Op);
        Variable[] variables = [.. result.Graph.GlobalVariables().Where(variable => variable.Op.Name.StartsWith(name + "/", StringComparison.Ordinal)
            && variable.Op.Name.AsSpan(name.Length + 1) is "weights" or "biases")];
        long parameters = variables.Sum(variable => variable.Shape.ElementCount!.Value);
        long weights = variables.Where(variable => variable.Op.Name.EndsWith("/weights", StringComparison.Ordinal)).Sum(variable => variable.Shape.ElementCount!.Value);
        long positions = op.Type == "Conv2D" ? (long)result.Shape[1]! * result.Shape[2]!.Value : 1;
        return new LayerSummary(name, op.Type, InputOf(op), result.Shape, PaddingOf(op), parameters, weights * positions);
    }

    public static string ToText(IReadOnlyList<LayerSummary> layers)
    {
        string[] heads = ["layer", "op", "input", "output", "padding", "parameters", "multiply-adds"];
        List<string[]> rows = [heads, .. layers.Select(Row), ["total", "", "", "", "", Number(layers.Sum(layer => layer.Parameters)), Number(layers.Sum(layer => layer.MultiplyAdds))]];
        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++) text.Append(i >= 5 ? row[i].PadLeft(widths[i]) : row[i].PadRight(widths[i])).Append(i == row.Length - 1 ? "" : "  ");
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string[] Row(LayerSummary layer) =>
        [layer.Name, layer.Op, layer.Input.ToString(), layer.Output.ToString(), layer.Padding, Number(layer.Parameters), Number(layer.MultiplyAdds)];

    private static string Number(long value) => value == 0 ? "" : value.ToString("N0", CultureInfo.InvariantCulture);

    // Back through ReLU, bias, reshape, dropout and concatenation to the op that names the layer's kind.
    private static Operation KindOf(Operation op) => Kinds.Contains(op.Type)
        ? op
        : KindOf((op.Type is "Split" ? op.Inputs[1] : op.Inputs[0]).Op);

    // A grouped convolution reads parts, a padded one a larger picture; the layer's input is what was split or padded.
    private static Shape InputOf(Operation op) => op.Inputs[0].Op switch
    {
        { Type: "Split" } split => split.Inputs[1].Shape,
        { Type: "Pad" } pad => pad.Inputs[0].Shape,
        _ => op.Inputs[0].Shape,
    };

    // VALID behind a Pad op of two zeros on each side is written 2+VALID.
    private static string PaddingOf(Operation op)
    {
        string padding = op.GetAttributes()["padding"] as string ?? "";
        return op.Inputs[0].Op is { Type: "Pad" } pad ? $"{(pad.Output.Shape[1] - pad.Inputs[0].Shape[1]) / 2}+{padding}" : padding;
    }
}
