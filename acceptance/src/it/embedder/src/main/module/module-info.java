module org.example.embedder {
    requires io.slicekeep;
    requires io.slicekeep.kms.local;
}
