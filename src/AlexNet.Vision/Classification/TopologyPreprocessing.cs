namespace AlexNetTF;

/// <summary>Which preprocessing belongs to which network.</summary>
public static class TopologyPreprocessing
{
    /// <summary>
    /// What the published weights of a topology were trained with: <see cref="Preprocessing.Torchvision"/> for
    /// <see cref="Topology.OneWeirdTrick"/>, else <see cref="Preprocessing.Bvlc"/>.
    /// </summary>
    public static Preprocessing DefaultPreprocessing(this Topology topology) =>
        topology == Topology.OneWeirdTrick ? Preprocessing.Torchvision : Preprocessing.Bvlc;
}
