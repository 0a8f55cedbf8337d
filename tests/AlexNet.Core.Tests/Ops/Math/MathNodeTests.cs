namespace AlexNetTF.Tests.Ops;

/// <summary>Names, types and order of the nodes that functions over ops make, as TensorFlow 1.15 makes them.</summary>
public class MathNodeTests
{
    [Test]
    public void Operators()
    {
        (Graph graph, Tensor x) = Start();
        _ = x + x;
        _ = x - 1f;
        _ = 2f * x;
        _ = x / x;
        _ = x % 2f;
        _ = -x;
        MathOps.Add(x, 1f);

        Expect(graph, "add AddV2", "sub/y Const", "sub Sub", "mul/x Const", "mul Mul", "truediv RealDiv", "mod/y Const", "mod FloorMod", "Neg Neg", "Add_1/y Const", "Add_1 Add");
    }

    [Test]
    public void TrueQuotientOfIntegersConvertsFirst()
    {
        var graph = new Graph();
        Tensor whole = graph.Placeholder(DType.Int32, new Shape(2), "whole");
        _ = whole / 2;

        Expect(graph, "whole Placeholder", "truediv/y Const", "truediv/Cast Cast", "truediv/Cast_1 Cast", "truediv RealDiv");
    }

    [Test]
    public void Reductions()
    {
        (Graph graph, Tensor x) = Start();
        MathOps.Mean(x);
        MathOps.Sum(x, [0], name: "total");
        Tensor unknown = graph.Placeholder(DType.Float32, name: "unknown");
        Tensor sum = MathOps.Sum(unknown);

        Expect(graph, "Const Const", "Mean Mean", "total/reduction_indices Const", "total Sum", "unknown Placeholder", "Rank Rank", "range/start Const", "range/delta Const", "range Range", "Sum Sum");
        Assert.That(sum.Shape, Is.EqualTo(Shape.Scalar));
    }

    [Test]
    public void Clipping()
    {
        (Graph graph, Tensor x) = Start();
        MathOps.ClipByValue(x, -1f, 1f);
        MathOps.ClipByGlobalNorm([x, null, x], 5f);

        Expect(
            graph,
            "clip_by_value/Minimum/y Const", "clip_by_value/Minimum Minimum", "clip_by_value/y Const", "clip_by_value Maximum",
            "global_norm/L2Loss L2Loss", "global_norm/L2Loss_1 L2Loss", "global_norm/stack Pack", "global_norm/Const Const", "global_norm/Sum Sum", "global_norm/Const_1 Const", "global_norm/mul Mul", "global_norm/global_norm Sqrt",
            "clip_by_global_norm/truediv/x Const", "clip_by_global_norm/truediv RealDiv", "clip_by_global_norm/Const Const", "clip_by_global_norm/truediv_1/y Const", "clip_by_global_norm/truediv_1 RealDiv",
            "clip_by_global_norm/Minimum Minimum", "clip_by_global_norm/mul/x Const", "clip_by_global_norm/mul Mul", "clip_by_global_norm/IsFinite IsFinite", "clip_by_global_norm/Const_1 Const", "clip_by_global_norm/Select Select",
            "clip_by_global_norm/mul_1 Mul", "clip_by_global_norm/clip_by_global_norm/_0 Identity", "clip_by_global_norm/mul_2 Mul", "clip_by_global_norm/clip_by_global_norm/_2 Identity");
    }

    [Test]
    public void GradientOfASumOverSomeAxesAsksForItsSizesOnce()
    {
        (Graph graph, Tensor x) = Start();
        Tensor first = MathOps.Sum(x, [1], name: "first"), second = MathOps.Sum(x, [1], name: "second");
        int before = graph.Operations.Count;
        using (graph.NameScope("a")) _ = first.Op.Def.Gradient.Function!(first.Op, [first]);
        using (graph.NameScope("b")) _ = second.Op.Def.Gradient.Function!(second.Op, [second]);

        Assert.That(graph.Operations.Skip(before).Select(op => $"{op.Name} {op.Type}"), Is.EqualTo(new[]
        {
            "a/Cast/x Const", "a/Cast_1/x Const", "a/Size Const", "a/add AddV2", "a/mod FloorMod", "a/Shape Const", "a/range/start Const", "a/range/delta Const", "a/range Range", "a/Fill/value Const", "a/Fill Fill", "a/DynamicStitch DynamicStitch",
            "a/Maximum/x Const", "a/Maximum/y Const", "a/Maximum Maximum", "a/floordiv/x Const", "a/floordiv FloorDiv",
            "a/Reshape/shape Const", "a/Reshape Reshape", "a/Tile/multiples Const", "a/Tile Tile",
            "b/Reshape/shape Const", "b/Reshape Reshape", "b/Tile/multiples Const", "b/Tile Tile",
        }));
    }

    [Test]
    public void ControlDependenciesStopAtTheScopesFirstOperation()
    {
        (Graph graph, Tensor x) = Start();
        Operation gate = graph.NoOp("gate");
        Tensor first, second, third;
        using (graph.ControlDependencies(gate, x.Op))
        {
            first = graph.Constant(1f, "first");
            second = first + 1f;
            third = MathOps.Neg(x);
        }

        Assert.That(first.Op.ControlInputs, Is.EqualTo(new[] { gate, x.Op }));
        Assert.That(second.Op.ControlInputs, Is.Empty);
        Assert.That(third.Op.ControlInputs, Is.EqualTo(new[] { gate }));
    }

    private static (Graph Graph, Tensor X) Start()
    {
        var graph = new Graph();
        return (graph, graph.Placeholder(DType.Float32, new Shape(2, 3), "x"));
    }

    private static void Expect(Graph graph, params string[] nodes) =>
        Assert.That(graph.Operations.Select(op => $"{op.Name} {op.Type}").Where(node => node != "x Placeholder"), Is.EqualTo(nodes));
}
