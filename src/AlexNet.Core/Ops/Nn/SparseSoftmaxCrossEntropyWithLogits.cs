namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>
    /// The cross entropy between class numbers and the softmax of logits, one loss per row
    /// (<c>tf.nn.sparse_softmax_cross_entropy_with_logits</c>).
    /// </summary>
    /// <param name="labels">Class numbers from 0, int32 or int64, one per row: […].</param>
    /// <param name="logits">[…, classes], float32 or float64.</param>
    /// <param name="name">The name of scope and node.</param>
    /// <returns>−log softmax(logits) at the row's class: […].</returns>
    /// <exception cref="GraphException">The shapes do not fit. A class number out of range is a <see cref="RunException"/> of the run.</exception>
    public static Tensor SparseSoftmaxCrossEntropyWithLogits(Tensor labels, Tensor logits, string? name = null)
    {
        Graph graph = logits.Graph;
        using NameScope scope = graph.NameScope(name ?? "SparseSoftmaxCrossEntropyWithLogits");
        Tensor shape = ArrayOps.Shape(labels);
        CheckSparseShapes(labels, logits, scope.Name);
        if (logits.Shape is { HasRank: true, Rank: 2 }) return graph.Add(new SparseSoftmaxCrossEntropyWithLogitsOp(), [logits, labels], name);
        Tensor sizes = ArrayOps.Shape(logits);
        Tensor last = ArrayOps.Rank(logits) - 1;
        Tensor classes = ArrayOps.StridedSlice(sizes, [last], [last + 1], [1], shrinkAxisMask: 1);
        Tensor rows = ArrayOps.Reshape(logits, [-1, classes]);
        Tensor loss = graph.Add(new SparseSoftmaxCrossEntropyWithLogitsOp(), [rows, ArrayOps.Reshape(labels, [-1])], name);
        loss = ArrayOps.Reshape(loss, shape);
        loss.SetShape(labels.Shape);
        return loss;
    }

    /// <summary>A vector times a matrix, row by row: v[i]·m[i, j].</summary>
    internal static Tensor TimesRows(Tensor vector, Tensor matrix) => ArrayOps.ExpandDims(vector, -1) * matrix;

    private static void CheckSparseShapes(Tensor labels, Tensor logits, string node)
    {
        if (!logits.Shape.HasRank) return;
        if (logits.Shape.Rank == 0) throw new GraphException($"'{node}': the logits must have at least one dimension, the classes; they are a scalar.");
        Shape rows = logits.Shape.Slice(0, logits.Shape.Rank - 1);
        if (!labels.Shape.IsCompatibleWith(rows))
        {
            throw new GraphException($"'{node}': the labels must have one class number per row of the logits, so the shape {rows}; theirs is {labels.Shape}. One-hot labels go to SoftmaxCrossEntropyWithLogits.");
        }
    }
}
