namespace AlexNetTF.Benchmarks;

/// <summary>What a peer needed, and how many times ours that is: above 1, we are better.</summary>
internal sealed record PeerValue(string Peer, double Value, double Ratio);

/// <summary>A line of the comparison.</summary>
internal sealed record Row(string Name, double Ours, string Unit, IReadOnlyList<PeerValue> Peers);
