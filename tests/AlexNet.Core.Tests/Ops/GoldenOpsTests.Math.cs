using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Ops;

/// <content>Element-wise ops, reductions, clipping.</content>
public partial class GoldenOpsTests
{
    static partial void AddMath(GoldenTable table)
    {
        AddElementwise(table);
        AddReductions(table);
        table.Add("argmax", g => g.Output("y", MathOps.ArgMax(g["x"], g.Attrs.Int("axis", 0), TypeNamed(g.Attrs.Text("output_type", "int64")))));
        table.Add("cast", BuildCasts);
        table.Add("where", g => g.Output("y", MathOps.Where(g["c"], g["x"], g["z"])));
        table.Add("l2_loss", g => g.Output("y", AlexNetTF.Nn.L2Loss(g["x"])));
        table.Add("in_top_k", g => g.Output("y", AlexNetTF.Nn.InTopK(g["x"], g["t"], g.Attrs.Int("k"))));
        table.Add("clip_by_value", g => g.Output("y", MathOps.ClipByValue(g["x"], g.Attrs.Float("clip_value_min"), g.Attrs.Float("clip_value_max"))));
        table.Add("clip_by_global_norm", g =>
        {
            string[] names = [.. g.Case.Inputs.Keys];
            (IReadOnlyList<Tensor?> clipped, Tensor norm) = MathOps.ClipByGlobalNorm([.. names.Select(name => g[name])], g.Attrs.Float("clip_norm"));
            for (int i = 0; i < names.Length; i++) g.Output(names[i] + "_clipped", clipped[i]!);
            g.Output("global_norm", norm);
        });
    }

    private static void AddElementwise(GoldenTable table)
    {
        table.Add("add", g => g.Output("y", g["a"] + g["b"]));
        table.Add("sub", g => g.Output("y", g["a"] - g["b"]));
        table.Add("mul", g => g.Output("y", g["a"] * g["b"]));
        table.Add("div", g =>
        {
            g.Output("y", g["a"] / g["b"]);
            g.Output("floordiv", () => MathOps.FloorDiv(g["a"], g["b"]));
            g.Output("div_function", () => MathOps.Div(g["a"], g["b"]));
            g.Output("truncatediv", () => MathOps.TruncateDiv(g["a"], g["b"]));
        });
        table.Add("maximum", g => g.Output("y", MathOps.Maximum(g["a"], g["b"])));
        table.Add("minimum", g => g.Output("y", MathOps.Minimum(g["a"], g["b"])));
        table.Add("pow", g => g.Output("y", MathOps.Pow(g["a"], g["b"])));
        table.Add("compare", g =>
        {
            // A case that must fail names no outputs.
            bool all = g.Case.Outputs.Count == 0;
            if (all) g.Output("eq", MathOps.Equal(g["x"], g["z"]));
            else g.Output("eq", () => MathOps.Equal(g["x"], g["z"]));
            g.Output("ne", () => MathOps.NotEqual(g["x"], g["z"]));
            g.Output("gt", () => MathOps.Greater(g["x"], g["z"]));
            g.Output("ge", () => MathOps.GreaterEqual(g["x"], g["z"]));
            g.Output("lt", () => MathOps.Less(g["x"], g["z"]));
            g.Output("le", () => MathOps.LessEqual(g["x"], g["z"]));
        });
        foreach ((string op, Func<Tensor, string?, Tensor> build) in Unary) table.Add(op, g => g.Output("y", build(g["x"], null)));
    }

    private static (string Op, Func<Tensor, string?, Tensor> Build)[] Unary =>
    [
        ("exp", MathOps.Exp),
        ("log", MathOps.Log),
        ("log1p", MathOps.Log1p),
        ("sqrt", MathOps.Sqrt),
        ("rsqrt", MathOps.Rsqrt),
        ("square", MathOps.Square),
        ("reciprocal", MathOps.Reciprocal),
        ("negative", MathOps.Neg),
        ("abs", MathOps.Abs),
        ("sign", MathOps.Sign),
        ("floor", MathOps.Floor),
        ("tanh", MathOps.Tanh),
        ("sigmoid", MathOps.Sigmoid),
    ];

    private static void AddReductions(GoldenTable table)
    {
        AddReduction(table, "reduce_sum", MathOps.Sum, MathOps.Sum);
        AddReduction(table, "reduce_mean", MathOps.Mean, MathOps.Mean);
        AddReduction(table, "reduce_prod", MathOps.Prod, MathOps.Prod);
        AddReduction(table, "reduce_max", MathOps.Max, MathOps.Max);
        AddReduction(table, "reduce_min", MathOps.Min, MathOps.Min);
    }

    private static void AddReduction(
        GoldenTable table, string op, Func<Tensor, int[]?, bool, string?, Tensor> ofAxes, Func<Tensor, Operand, bool, string?, Tensor> ofAxis) => table.Add(op, g =>
    {
        g.Output("y", ofAxes(g["x"], g.Attrs.IntsOrNull("axis"), g.Attrs.Bool("keepdims", false), null));
        g.Output("s", () => MathOps.Sum(g["x"], g.Attrs.IntsOrNull("axis"), g.Attrs.Bool("keepdims", false)));
        g.Output("yp", () => g.Attrs.Has("axis")
            ? ofAxis(g["p"], g.Attrs.Ints("axis"), g.Attrs.Bool("keepdims", false), null)
            : ofAxes(g["p"], null, g.Attrs.Bool("keepdims", false), null));
    });

    // Outputs are named by the type asked for, with the input's name before it where there are several inputs.
    private static void BuildCasts(GoldenGraph g)
    {
        g.Output("accuracy", () => MathOps.Mean(MathOps.Cast(MathOps.Equal(g["p"], g["q"]), DType.Float32)));
        foreach (string output in g.Case.Outputs.Keys.Where(name => name != "accuracy"))
        {
            int cut = output.LastIndexOf('_');
            g.Output(output, MathOps.Cast(g[cut < 0 ? "x" : output[..cut]], TypeNamed(output[(cut + 1)..])));
        }
    }

    private static DType TypeNamed(string name) => Enum.GetValues<DType>().Single(type => type.Name() == name);
}
