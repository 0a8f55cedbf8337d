namespace AlexNetTF;

/// <summary>The counter of training steps.</summary>
public static class GlobalSteps
{
    /// <summary>The graph's step counter, an int64 scalar named <c>global_step</c>; made at the first call (<c>tf.train.get_or_create_global_step</c>).</summary>
    public static Variable GlobalStep(this Graph graph)
    {
        if (graph.GetCollection(GraphKeys.GlobalStep) is [Variable existing, ..]) return existing;
        Variable made = Variables.Make(graph, "global_step", Shape.Scalar, DType.Int64, Initializer.Zeros, trainable: false);
        graph.AddToCollection(GraphKeys.GlobalStep, made);
        return made;
    }
}
