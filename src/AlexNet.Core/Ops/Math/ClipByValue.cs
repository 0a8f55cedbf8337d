namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The elements brought into a range (<c>tf.clip_by_value</c>, ops Minimum and Maximum); NaN stays. On the bounds the gradient passes.</summary>
    /// <param name="t">The tensor.</param>
    /// <param name="clipValueMin">The lower bound, a scalar or of the tensor's shape.</param>
    /// <param name="clipValueMax">The upper bound, likewise.</param>
    /// <param name="name">The scope's name.</param>
    /// <exception cref="GraphException">A bound would broadcast the tensor to another shape.</exception>
    public static Tensor ClipByValue(Tensor t, Operand clipValueMin, Operand clipValueMax, string? name = null)
    {
        Graph graph = t.Graph;
        using NameScope scope = graph.NameScope(name ?? "clip_by_value");
        Tensor below = Minimum(t, clipValueMax);
        RequireShape(t, below);
        Tensor within = Maximum(below, clipValueMin, scope.Name);
        RequireShape(t, within);
        return within;
    }

    private static void RequireShape(Tensor t, Tensor clipped)
    {
        if (!t.Shape.IsCompatibleWith(clipped.Shape))
        {
            throw new GraphException($"ClipByValue of {t}: a bound would change the shape to {clipped.Shape}. Bounds are scalars or have the tensor's shape.");
        }
    }
}
