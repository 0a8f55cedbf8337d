using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Ops;

/// <content>Ops that move elements.</content>
public partial class GoldenOpsTests
{
    static partial void AddArray(GoldenTable table)
    {
        table.Add("reshape", g => g.Output("y", ArrayOps.Reshape(g["x"], g.Attrs.Ints("shape"))));
        table.Add("pad", g => g.Output("y", Pad(g)));
        table.Add("split", Split);
        table.Add("concat", g => g.Output("y", ArrayOps.Concat([.. g.Case.Inputs.Keys.Select(name => g[name])], g.Attrs.Int("axis"))));
        table.Add("transpose", g => g.Output("y", ArrayOps.Transpose(g["x"], Optional(g.Attrs.IntsOrNull("perm")))));
        table.Add("slice", g => g.Output("y", ArrayOps.Slice(g["x"], g.Attrs.Ints("begin"), g.Attrs.Ints("size"))));
        table.Add("strided_slice", g => g.Output("y", StridedSlice(g)));
        table.Add("tile", g => g.Output("y", ArrayOps.Tile(g["x"], g.Attrs.Ints("multiples"))));
        table.Add("stack_unstack", StackUnstack);
        table.Add("expand_dims_squeeze", ExpandDimsSqueeze);
    }

    private static Operand? Optional(int[]? values) => values is null ? null : (Operand?)values;

    private static Tensor Pad(GoldenGraph g)
    {
        int[][] rows = [.. g.Attrs.Get("paddings").EnumerateArray().Select(row => row.AsInts())];
        Operand paddings = Operand.List([.. rows.Select(row => (Operand)row)]);
        PadMode mode = Enum.Parse<PadMode>(g.Attrs.Text("mode", "CONSTANT"), ignoreCase: true);
        double value = g.Attrs.Double("constant_values", 0);
        return ArrayOps.Pad(g["x"], paddings, mode, value == 0 ? null : value);
    }

    private static void Split(GoldenGraph g)
    {
        JsonElement parts = g.Attrs.Get("num_or_size_splits");
        int axis = g.Attrs.Int("axis", 0);
        IReadOnlyList<Tensor> y = parts.ValueKind == JsonValueKind.Array
            ? ArrayOps.SplitV(g["x"], parts.AsInts(), axis)
            : ArrayOps.Split(g["x"], checked((int)parts.AsLong()), axis);
        if (g.Attrs.Has("used_output"))
        {
            g.Output("y", y[g.Attrs.Int("used_output")]);
            return;
        }

        for (int i = 0; i < y.Count; i++) g.Output($"y{i}", y[i]);
    }

    private static Tensor StridedSlice(GoldenGraph g) => ArrayOps.StridedSlice(
        g["x"],
        g.Attrs.Ints("begin"),
        g.Attrs.Ints("end"),
        Optional(g.Attrs.IntsOrNull("strides")),
        g.Attrs.Int("begin_mask", 0),
        g.Attrs.Int("end_mask", 0),
        g.Attrs.Int("ellipsis_mask", 0),
        g.Attrs.Int("new_axis_mask", 0),
        g.Attrs.Int("shrink_axis_mask", 0));

    private static void StackUnstack(GoldenGraph g)
    {
        Tensor y = ArrayOps.Stack([.. g.Case.Inputs.Keys.Select(name => g[name])], g.Attrs.Int("axis"));
        g.Output("y", y);

        // The second slice along the last dimension; its size is the case's, where a placeholder does not tell it.
        g.Output("u", () => ArrayOps.Unstack(y, g.Case.Outputs["y"].Shape[^1], axis: -1)[1]);
    }

    private static void ExpandDimsSqueeze(GoldenGraph g)
    {
        g.Output("e", ArrayOps.ExpandDims(g["x"], -1));
        g.Output("s", ArrayOps.Squeeze(g["x"]));
        g.Output("s0", ArrayOps.Squeeze(g["x"], [0]));
    }
}
