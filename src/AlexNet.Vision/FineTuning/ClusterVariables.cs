namespace AlexNetTF.FineTuning;

/// <summary>What the workers of a run share on the servers beside weights, slots and step.</summary>
internal sealed class ClusterVariables
{
    public ClusterVariables(Graph graph)
    {
        // Not among the global variables: they are no part of a checkpoint.
        Setup = Variables.Make(graph, "cluster/setup", new Shape(ClusterSetup.Parts), DType.Int64, Initializer.Zeros, trainable: false, GraphKeys.LocalVariables);
        End = Variables.Make(graph, "cluster/end", Shape.Scalar, DType.Int64, Initializer.Zeros, trainable: false, GraphKeys.LocalVariables);
    }

    /// <summary>The chief's <see cref="ClusterSetup"/>. It is written last: once it has a value, all others have.</summary>
    public Variable Setup { get; }

    /// <summary>The step at which training ends.</summary>
    public Variable End { get; }
}
