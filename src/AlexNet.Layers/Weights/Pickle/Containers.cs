namespace AlexNetTF.Weights;

/// <summary>Containers that pickles make by a call.</summary>
internal static class Containers
{
    /// <summary>OrderedDict(), or Python 2's OrderedDict([[key, value], …]).</summary>
    public static PickleDictionary Dictionary(PickleMachine machine, object?[] arguments)
    {
        var dictionary = new PickleDictionary([]);
        List<object?> pairs = arguments switch
        {
            [] => [],
            [PickleList list] => list.Items,
            _ => throw machine.Error("OrderedDict of something that is no list of pairs"),
        };
        foreach (object? pair in pairs)
        {
            object?[] items = pair switch
            {
                PickleList { Items.Count: 2 } list => [.. list.Items],
                PickleTuple { Items.Length: 2 } tuple => tuple.Items,
                _ => throw machine.Error("OrderedDict of something that is no pair"),
            };
            object key = items[0] is PickleBlob or long or bool ? items[0]! : throw machine.Error("a key is neither text, bytes nor an integer");
            dictionary.Items.Add(new KeyValuePair<object, object?>(key, items[1]));
        }

        return dictionary;
    }
}
