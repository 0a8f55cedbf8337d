using System.Numerics;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>
    /// The cross entropy between label distributions and the softmax of logits, one loss per row; gradients flow to the
    /// logits only (<c>tf.nn.softmax_cross_entropy_with_logits</c> of TensorFlow 1).
    /// </summary>
    /// <param name="labels">[…, classes]; rows are used as they are, whatever their sum.</param>
    /// <param name="logits">[…, classes], float32 or float64.</param>
    /// <param name="name">The name of scope and node.</param>
    /// <returns>−Σ labels·log softmax(logits) along the last dimension: […].</returns>
    /// <exception cref="GraphException">The shapes do not fit.</exception>
    public static Tensor SoftmaxCrossEntropyWithLogits(Tensor labels, Tensor logits, string? name = null)
    {
        Tensor stopped;
        string scopeName;
        using (NameScope scope = logits.Graph.NameScope(name ?? "softmax_cross_entropy_with_logits_sg"))
        {
            stopped = ArrayOps.StopGradient(labels, "labels_stop_gradient");
            scopeName = scope.Name;
        }

        return SoftmaxCrossEntropyWithLogitsV2(stopped, logits, scopeName);
    }

    /// <summary>
    /// The cross entropy between label distributions and the softmax of logits, one loss per row; gradients flow to labels
    /// and logits (<c>tf.nn.softmax_cross_entropy_with_logits_v2</c>).
    /// </summary>
    /// <inheritdoc cref="SoftmaxCrossEntropyWithLogits"/>
    public static Tensor SoftmaxCrossEntropyWithLogitsV2(Tensor labels, Tensor logits, string? name = null)
    {
        Graph graph = logits.Graph;
        using NameScope scope = graph.NameScope(name ?? "softmax_cross_entropy_with_logits");
        Shape known = logits.Shape;
        if (labels.DType != logits.DType) labels = MathOps.Cast(labels, logits.DType);
        Tensor rank = ArrayOps.Rank(logits);
        Tensor shape = ArrayOps.Shape(logits);
        Tensor rows = FlattenOuterDimensions(logits);
        Tensor labelRows = FlattenOuterDimensions(labels);
        Tensor loss = graph.Add(new SoftmaxCrossEntropyWithLogitsOp(), [rows, labelRows], scope.Name);
        Tensor outer = ArrayOps.Slice(shape, [0], [MathOps.Sub(rank, 1)]);
        loss = ArrayOps.Reshape(loss, outer);
        if (known.HasRank) loss.SetShape(known.Slice(0, known.Rank - 1));
        return loss;
    }

    // [a, b, …, classes] as [a·b·…, classes].
    private static Tensor FlattenOuterDimensions(Tensor logits)
    {
        Tensor rank = ArrayOps.Rank(logits);
        Tensor last = ArrayOps.Slice(ArrayOps.Shape(logits), [MathOps.Sub(rank, 1)], [1]);
        Tensor rows = ArrayOps.Reshape(logits, ArrayOps.Concat([new int[] { -1 }, last], 0));
        if (logits.Shape is { HasRank: true } known && known.Slice(0, known.Rank - 1).ElementCount is { } count)
        {
            rows.SetShape(new Shape(checked((int)count), known[known.Rank - 1]));
        }

        return rows;
    }
}
