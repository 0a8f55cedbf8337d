namespace AlexNetTF;

/// <summary>The shape of a reduction's result with the reduced dimensions kept at size 1, by TensorFlow's nodes.</summary>
internal static class KeptShape
{
    /// <summary>From the tensor's sizes and the reduced dimensions: the sizes, with 1 stitched in at the dimensions.</summary>
    public static Tensor Of(Tensor shape, Tensor axes)
    {
        shape = MathOps.Cast(shape, DType.Int32);
        axes = MathOps.Cast(axes, DType.Int32);
        Tensor rank = ArrayOps.Size(shape);
        axes = (axes + rank) % rank;
        Tensor count = ArrayOps.Shape(axes);
        Tensor all = ArrayOps.Range(0, rank, 1);
        return ArrayOps.DynamicStitch([all, axes], [shape, ArrayOps.Fill(count, 1)]);
    }

    /// <summary>x / y for sizes, where 0 / 0 is 0.</summary>
    public static Tensor SafeDiv(Graph graph, Operand x, Operand y)
    {
        Tensor divisor = MathOps.Binary(graph, DType.Int32, new MaximumOp(), y, 1, null);
        return MathOps.Binary(graph, DType.Int32, new FloorDivOp(), x, divisor, "floordiv");
    }

    /// <summary>TensorFlow makes these nodes for a shape and dimensions once in a graph, and only to ask for their values.</summary>
    internal sealed class Cache
    {
        private readonly Dictionary<(Shape Shape, string Axes), (int[] Kept, int[] Repeats)> known = [];

        /// <summary>The sizes with the reduced dimensions at 1, and how often each dimension repeats on the way back.</summary>
        public (int[] Kept, int[] Repeats) Find(Tensor x, long[] axes)
        {
            string key = string.Join(",", axes);
            if (known.TryGetValue((x.Shape, key), out (int[] Kept, int[] Repeats) found)) return found;
            int[] sizes = x.Shape.ToArray(), kept = x.Shape.ToArray();
            foreach (long axis in axes) kept[axis < 0 ? axis + sizes.Length : axis] = 1;
            Tensor shape = InScope(x.Graph, "Cast", sizes), indices = InScope(x.Graph, "Cast", Array.ConvertAll(axes, axis => (int)axis));
            Of(shape, indices);
            SafeDiv(x.Graph, sizes, kept);
            found = (kept, [.. sizes.Zip(kept, (size, one) => size / Math.Max(one, 1))]);
            known.Add((x.Shape, key), found);
            return found;
        }

        // A cast of a list makes its Const and, since the type fits, no Cast.
        private static Tensor InScope(Graph graph, string scope, int[] values)
        {
            using NameScope opened = graph.NameScope(scope);
            return ((Operand)values).ToTensor(graph, DType.Int32, "x");
        }
    }
}
