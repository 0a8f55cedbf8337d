namespace AlexNetTF;

/// <summary>A metric that is gathered over batches.</summary>
/// <param name="Value">The metric over all that was counted; reading it counts nothing.</param>
/// <param name="Update">Counts a batch and gives the metric with it.</param>
public readonly record struct Metric(Tensor Value, Tensor Update);

/// <summary>
/// Metrics over batches (<c>tf.metrics</c>). They keep sums in local variables: run <see cref="Variables.LocalVariablesInitializer"/> before the
/// first batch, and again to start anew. Examples count, not batches: a last batch that is smaller weighs less.
/// </summary>
public static class Metrics
{
    /// <summary>The share of predictions that equal their labels (<c>tf.metrics.accuracy</c>).</summary>
    /// <param name="labels">What is right.</param>
    /// <param name="predictions">What was answered, of the labels' shape; a last dimension of 1 that only one of them has is dropped.</param>
    /// <param name="name">The variable scope of the sums <c>total</c> and <c>count</c>.</param>
    /// <exception cref="GraphException">The shapes differ.</exception>
    public static Metric Accuracy(Tensor labels, Tensor predictions, string name = "accuracy")
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(predictions);
        (labels, predictions) = SameRank(labels, predictions);
        if (!labels.Shape.IsCompatibleWith(predictions.Shape))
        {
            throw new GraphException($"The labels {labels.Name} have shape {labels.Shape}, the predictions {predictions.Name} {predictions.Shape}; they must be the same.");
        }

        if (predictions.DType != labels.DType) predictions = MathOps.Cast(predictions, labels.DType);
        return Mean(MathOps.Cast(MathOps.Equal(predictions, labels), DType.Float32), name);
    }

    /// <summary>The mean of all elements of all batches (<c>tf.metrics.mean</c>).</summary>
    /// <param name="values">The values of a batch.</param>
    /// <param name="name">The variable scope of the sums <c>total</c> and <c>count</c>.</param>
    public static Metric Mean(Tensor values, string name = "mean")
    {
        ArgumentNullException.ThrowIfNull(values);
        Graph graph = values.Graph;
        using VariableScope scope = graph.VariableScope(name);
        if (values.DType != DType.Float32) values = MathOps.Cast(values, DType.Float32);
        Variable total = Sum(graph, scope, "total"), count = Sum(graph, scope, "count");
        Tensor number = MathOps.Cast(ArrayOps.Size(values), DType.Float32);
        Tensor newTotal = StateOps.AssignAdd(total.Reference, MathOps.Sum(values)), newCount;
        using (graph.ControlDependencies(values.Op))
        {
            newCount = StateOps.AssignAdd(count.Reference, number);
        }

        Tensor value = MathOps.DivNoNan(total, MathOps.Maximum(count, 0f), "value");
        return new Metric(value, MathOps.DivNoNan(newTotal, MathOps.Maximum(newCount, 0f), "update_op"));
    }

    private static Variable Sum(Graph graph, VariableScope scope, string name) => Variables.Make(
        graph, scope.OriginalNameScope + name, Shape.Scalar, DType.Float32, Initializer.Zeros, trainable: false, GraphKeys.LocalVariables, GraphKeys.MetricVariables);

    private static (Tensor Labels, Tensor Predictions) SameRank(Tensor labels, Tensor predictions)
    {
        using NameScope scope = labels.Graph.NameScope("remove_squeezable_dimensions");
        if (!labels.Shape.HasRank || !predictions.Shape.HasRank) return (labels, predictions);
        return (predictions.Shape.Rank - labels.Shape.Rank) switch
        {
            1 when predictions.Shape[predictions.Shape.Rank - 1] is null or 1 => (labels, ArrayOps.Squeeze(predictions, [-1])),
            -1 when labels.Shape[labels.Shape.Rank - 1] is null or 1 => (ArrayOps.Squeeze(labels, [-1]), predictions),
            _ => (labels, predictions),
        };
    }
}
