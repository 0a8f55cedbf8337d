namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>x·weights + biases (<c>tf.nn.xw_plus_b</c>).</summary>
    /// <param name="x">[batch, inputs].</param>
    /// <param name="weights">[inputs, outputs].</param>
    /// <param name="biases">[outputs].</param>
    /// <param name="name">The name of the scope and of the node that adds the biases.</param>
    /// <returns>[batch, outputs].</returns>
    /// <exception cref="GraphException">Shapes or types do not fit.</exception>
    public static Tensor XwPlusB(Tensor x, Operand weights, Operand biases, string? name = null)
    {
        Graph graph = x.Graph;
        using NameScope scope = graph.NameScope(name ?? "xw_plus_b");
        Tensor w = weights.ToTensor(graph, x.DType, "weights");
        Tensor b = biases.ToTensor(graph, x.DType, "biases");
        return BiasAdd(MathOps.MatMul(x, w), b, scope.Name);
    }
}
