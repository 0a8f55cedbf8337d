namespace AlexNetTF;

/// <summary>
/// The way back from a broadcast result to one operand: its gradient is summed over the dimensions along which the operand
/// was repeated, and gets the operand's shape.
/// </summary>
/// <param name="Shape">The operand's sizes.</param>
/// <param name="Axes">The dimensions of the result to sum over.</param>
/// <param name="IsNeeded">Whether the operand's shape differs from the result's, as far as is known.</param>
internal readonly record struct Unbroadcast(Operand Shape, Operand Axes, bool IsNeeded)
{
    /// <summary>Whether both operands and the gradient are known to have one shape, so that nothing was repeated.</summary>
    public static bool IsIdentity(Tensor x, Tensor y, Tensor dy) =>
        x.Shape.IsFullyDefined && x.Shape.Equals(y.Shape) && x.Shape.Equals(dy.Shape);

    /// <summary>The ways back for both operands; found here where their sizes are known, else left to nodes.</summary>
    public static (Unbroadcast X, Unbroadcast Y) Of(Tensor x, Tensor y, Tensor dy)
    {
        if (!x.Shape.IsFullyDefined || !y.Shape.IsFullyDefined) return ByNodes(x, y, shortCut: false);
        (int[] axesX, int[] axesY) = x.Graph.Extension<Cache>().Find(x, y);
        return (new(x.Shape.ToArray(), axesX, !x.Shape.Equals(dy.Shape)), new(y.Shape.ToArray(), axesY, !y.Shape.Equals(dy.Shape)));
    }

    /// <summary>The ways back for both operands by the nodes Shape and BroadcastGradientArgs.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    /// <param name="shortCut">Whether a known shape becomes a Const.</param>
    public static (Unbroadcast X, Unbroadcast Y) ByNodes(Tensor x, Tensor y, bool shortCut = true)
    {
        Tensor shapeX = ArrayOps.Shape(x, optimize: shortCut), shapeY = ArrayOps.Shape(y, optimize: shortCut);
        (Tensor axesX, Tensor axesY) = MathOps.BroadcastGradientArgs(shapeX, shapeY);
        return (new(shapeX, axesX, true), new(shapeY, axesY, true));
    }

    /// <summary>The operand's gradient from the result's.</summary>
    public Tensor Apply(Tensor gradient) => IsNeeded ? ArrayOps.Reshape(MathOps.Sum(gradient, Axes), Shape) : gradient;

    // TensorFlow makes the node for a pair of shapes once in a graph, and only to ask for its value.
    private sealed class Cache
    {
        private readonly Dictionary<(Shape, Shape), (int[], int[])> axes = [];

        public (int[] X, int[] Y) Find(Tensor x, Tensor y)
        {
            if (axes.TryGetValue((x.Shape, y.Shape), out (int[] X, int[] Y) found)) return found;
            int[] sizesX = x.Shape.ToArray(), sizesY = y.Shape.ToArray();
            Graph graph = x.Graph;
            using (NameScope scope = graph.NameScope("BroadcastGradientArgs"))
            {
                Tensor s0 = ((Operand)sizesX).ToTensor(graph, DType.Int32, "s0"), s1 = ((Operand)sizesY).ToTensor(graph, DType.Int32, "s1");
                graph.AddOperation(new BroadcastGradientArgsOp(), [s0, s1], scope.Name);
            }

            found = BroadcastGradientArgsOp.Axes(sizesX, sizesY);
            axes.Add((x.Shape, y.Shape), found);
            return found;
        }
    }
}
