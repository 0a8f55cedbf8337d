namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The length of all tensors' elements taken as one vector: √Σ‖t‖² (<c>tf.global_norm</c>), a scalar.</summary>
    /// <param name="tensors">Floating-point tensors; null ones are left out.</param>
    /// <param name="name">The scope's name.</param>
    /// <exception cref="GraphException">There is no tensor.</exception>
    public static Tensor GlobalNorm(IReadOnlyList<Tensor?> tensors, string? name = null)
    {
        Graph graph = GraphOf(tensors);
        using NameScope scope = graph.NameScope(name ?? "global_norm");
        var halfSquares = new List<Tensor>();
        foreach (Tensor? tensor in tensors)
        {
            if (tensor is null) continue;
            using IDisposable beside = graph.Colocate(tensor.Op);
            halfSquares.Add(Nn.L2Loss(tensor));
        }

        Tensor halfSquare = Sum(ArrayOps.Stack(halfSquares));
        Tensor two = ((Operand)2.0).ToTensor(graph, halfSquare.DType, "Const");
        return Sqrt(halfSquare * two, "global_norm");
    }

    /// <summary>
    /// Tensors scaled by clipNorm / max(their common norm, clipNorm), so that the norm is at most clipNorm
    /// (<c>tf.clip_by_global_norm</c>). A norm that is not finite makes every element NaN.
    /// </summary>
    /// <param name="tensors">Floating-point tensors, such as gradients; null ones stay null.</param>
    /// <param name="clipNorm">The largest norm allowed, a positive scalar.</param>
    /// <param name="useNorm">The norm where it is known already; else <see cref="GlobalNorm"/>.</param>
    /// <param name="name">The scope's name.</param>
    /// <returns>The scaled tensors in the same order, and their norm before.</returns>
    /// <exception cref="GraphException">There is no tensor.</exception>
    public static (IReadOnlyList<Tensor?> Clipped, Tensor GlobalNorm) ClipByGlobalNorm(
        IReadOnlyList<Tensor?> tensors, Operand clipNorm, Tensor? useNorm = null, string? name = null)
    {
        Tensor norm = useNorm ?? GlobalNorm(tensors, name);
        Graph graph = norm.Graph;
        using NameScope scope = graph.NameScope(name ?? "clip_by_global_norm");
        Tensor scale = Scale(norm, clipNorm);
        var clipped = new Tensor?[tensors.Count];
        for (int i = 0; i < clipped.Length; i++)
        {
            if (tensors[i] is not { } tensor) continue;
            using IDisposable beside = graph.Colocate(tensor.Op);
            clipped[i] = ArrayOps.Identity(tensor * scale, $"{scope.Name}_{i}");
        }

        return (clipped, norm);
    }

    // clipNorm · min(1 / norm, 1 / clipNorm), NaN for a norm that is not finite.
    private static Tensor Scale(Tensor norm, Operand clipNorm)
    {
        Tensor inverse = 1.0 / norm;
        Tensor one = ((Operand)1.0).ToTensor(norm.Graph, norm.DType, "Const");
        Tensor smaller = Minimum(inverse, one / clipNorm);
        Tensor scale = clipNorm * smaller;
        Tensor finite = IsFinite(norm);
        return Where(finite, scale, ((Operand)double.NaN).ToTensor(norm.Graph, norm.DType, "Const"));
    }

    private static Graph GraphOf(IReadOnlyList<Tensor?> tensors) => tensors.FirstOrDefault(tensor => tensor is not null)?.Graph
        ?? throw new GraphException("A global norm needs at least one tensor; all are null.");
}
