namespace AlexNetTF;

/// <summary>Sum and extremes of one tensor, NaN left out of the extremes.</summary>
/// <param name="Sum">The sum of all values, added in double precision.</param>
/// <param name="Minimum">The smallest value; positive infinity for a tensor without values.</param>
/// <param name="Maximum">The largest value; negative infinity for a tensor without values.</param>
/// <param name="NonFinite">How many values are infinite or no number.</param>
public readonly record struct WeightStatistics(double Sum, float Minimum, float Maximum, long NonFinite)
{
    internal static WeightStatistics None => new(0, float.PositiveInfinity, float.NegativeInfinity, 0);

    internal WeightStatistics With(ReadOnlySpan<float> values)
    {
        double sum = Sum;
        float minimum = Minimum, maximum = Maximum;
        long nonFinite = NonFinite;
        foreach (float value in values)
        {
            sum += value;
            minimum = value < minimum ? value : minimum;
            maximum = value > maximum ? value : maximum;
            nonFinite += float.IsFinite(value) ? 0 : 1;
        }

        return new WeightStatistics(sum, minimum, maximum, nonFinite);
    }
}
