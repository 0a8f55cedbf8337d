namespace AlexNetTF.Tests.Ops;

/// <summary>Broadcasting and reductions by index arithmetic, element for element.</summary>
internal static class NaiveMath
{
    /// <summary>The index of each element of a shape in row-major order.</summary>
    public static IEnumerable<int[]> Indices(int[] dims)
    {
        long count = dims.Aggregate(1L, (product, size) => product * size);
        for (long flat = 0; flat < count; flat++)
        {
            var index = new int[dims.Length];
            long rest = flat;
            for (int d = dims.Length - 1; d >= 0; d--)
            {
                index[d] = (int)(rest % dims[d]);
                rest /= dims[d];
            }

            yield return index;
        }
    }

    /// <summary>An operand's element that stands at a place of the broadcast result.</summary>
    public static T At<T>(T[] values, int[] dims, int[] place)
    {
        int flat = 0;
        for (int d = 0; d < dims.Length; d++)
        {
            int index = place[place.Length - dims.Length + d];
            flat = (flat * dims[d]) + (dims[d] == 1 ? 0 : index);
        }

        return values[flat];
    }

    public static TResult[] Binary<T, TResult>(T[] x, int[] xDims, T[] y, int[] yDims, int[] dims, Func<T, T, TResult> function) =>
        [.. Indices(dims).Select(place => function(At(x, xDims, place), At(y, yDims, place)))];

    /// <summary>The numbers that make up each result of a reduction, in row-major order of the results.</summary>
    public static List<T>[] Groups<T>(T[] x, int[] dims, IReadOnlyCollection<int> axes)
    {
        int[] kept = [.. dims.Select((size, d) => axes.Contains(d) ? 1 : size)];
        var groups = new Dictionary<string, List<T>>();
        foreach (int[] place in Indices(kept)) groups.Add(string.Join(",", place), []);
        int flat = 0;
        foreach (int[] place in Indices(dims)) groups[string.Join(",", place.Select((index, d) => axes.Contains(d) ? 0 : index))].Add(x[flat++]);
        return [.. groups.Values];
    }
}
