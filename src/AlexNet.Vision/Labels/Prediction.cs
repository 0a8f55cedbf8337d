namespace AlexNetTF;

/// <summary>One class that a picture may show.</summary>
/// <param name="Label">The class's name.</param>
/// <param name="Index">The class's number: the position of its output.</param>
/// <param name="Probability">The network's probability, 0 to 1; the probabilities of all classes add up to 1.</param>
public sealed record Prediction(string Label, int Index, float Probability);
