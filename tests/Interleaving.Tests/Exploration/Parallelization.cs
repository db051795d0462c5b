// One scenario at a time: the operations that it has started are counted together.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
