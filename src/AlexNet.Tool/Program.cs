System.Console.WriteLine("alexnet");
